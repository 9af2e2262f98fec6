"""What is held about somebody, in words and in order: a value that the letter and the file for machines are both made of. Pure."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from maillage.conventions.terms import Terms
from maillage.conventions.terms.blanks import Blank
from maillage.conventions.terms.lawful import basis_of
from maillage.conventions.terms.protection import ProtectionRegime
from maillage.core.calendar import french
from maillage.protection.requests.contact_rules import Contact

Line = tuple[str, str]
"""A label and its value."""


@dataclass(frozen=True, slots=True)
class Section:
    """Some lines of one kind; `key` names it to machines."""

    key: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class HeldCase:
    """All that one organisation holds of one case, or of her as a contact, without a reference; `is_open`: its key was not destroyed."""

    reference: str
    title: str
    convention: str
    sections: tuple[Section, ...]
    is_open: bool = True


def sections(*found: Section) -> tuple[Section, ...]:
    """Those that say something."""
    return tuple(one for one in found if one.lines)


def lines(*pairs: tuple[str, object]) -> tuple[Line, ...]:
    """The lines whose value is known, each in words."""
    return tuple((label, said(value)) for label, value in pairs if value not in (None, "", ()))


def said(value: object) -> str:
    """A value in words."""
    if value is True:
        return "oui"
    if value is False:
        return "non"
    if isinstance(value, datetime):
        return french(value.date())
    if isinstance(value, date):
        return french(value)
    if isinstance(value, tuple | list | frozenset):
        return ", ".join(sorted(map(said, value)))
    return str(value)


def local(instant: datetime | None, zone: ZoneInfo) -> str:
    """An instant at the clock of one's organisation."""
    if instant is None:
        return ""
    there = instant.astimezone(zone)
    return f"{french(there.date())} à {there.hour} h {there.minute:02d}"


def purpose_lines(regime: ProtectionRegime | None, service: str, terms: Terms) -> tuple[Line, ...]:
    """For what, on which ground and for how long, in the words of the text; what it leaves blank is said (GDPR art. 15.1)."""
    if regime is None:
        return lines(
            ("À quoi elles servent", service), ("Durée de conservation", "le texte ne la dit pas"), ("Texte", terms.title)
        )  # fmt: skip
    return lines(
        ("À quoi elles servent", regime.purpose or service),
        ("Fondement", "; ".join(regime.legal_basis)),
        ("Base légale", _basis(regime)),
        ("Durée de conservation", _kept(regime)),
        ("Texte", terms.title),
    )


def _basis(regime: ProtectionRegime) -> str:
    bases = basis_of(regime)
    if isinstance(bases, Blank):
        return "le texte ne la dit pas encore"
    return "; ".join(one.words for one in bases)


def _kept(regime: ProtectionRegime) -> str:
    retention, destruction = regime.retention, regime.destruction
    if retention is not None and not isinstance(retention, Blank):
        return f"{retention.delay.label()}, {retention.start}"
    if destruction is not None and not isinstance(destruction, Blank):
        return f"{destruction.what} : {destruction.when}"
    return "le texte ne la dit pas encore"


CONTACT_LABELS: Final = ("Nature", "Nom", "Fonction", "Adresse électronique", "Téléphone")
"""What somebody gave of herself as a contact."""


def contact_cells(one: Contact) -> tuple[str, ...]:
    """What she gave, in the order of the labels; what one worked out oneself is no part of it (GDPR art. 20.1)."""
    return one.kind.label, one.name, one.function, one.mailbox, one.phone


def portable_cells(one: Contact) -> tuple[str, ...]:
    """The same for a table: a number of abroad begins with 00, since a spreadsheet takes a plus for a formula."""
    *cells, phone = contact_cells(one)
    return (*cells, f"00{phone[1:]}" if phone.startswith("+") else phone)


def held_contacts(found: Sequence[Contact]) -> list[HeldCase]:
    """Her contacts among what is held, after her cases."""
    said = []
    for one in found:
        title = f"{one.kind.label[0].upper()}{one.kind.label[1:]}, {one.about}"
        given = zip(CONTACT_LABELS[1:], contact_cells(one)[1:], strict=True)
        said.append(Section("contact", title, lines(*given)))
    return [HeldCase("", "Coordonnées de contact", "", sections(*said))] if said else []


def portable_file(found: Iterable[Contact], *, organisation: str, reference: str, on: date) -> bytes:
    """What she gave as a contact, as JSON that another can take up (GDPR art. 20)."""
    keys = ("nature", "nom", "fonction", "adresse_electronique", "telephone")
    data = {
        "organisme": organisation,
        "demande": reference,
        "le": on.isoformat(),
        "contacts": [dict(zip(keys, contact_cells(one), strict=True)) for one in found],
    }
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


def machine_file(cases: Iterable[HeldCase], *, organisation: str, reference: str, on: date) -> bytes:
    """The same as JSON: a structured, commonly used, machine-readable format (GDPR art. 20)."""
    data: dict[str, Any] = {
        "organisme": organisation,
        "demande": reference,
        "etabli_le": on.isoformat(),
        "dossiers": [
            {
                "reference": one.reference,
                "objet": one.title,
                "convention": one.convention,
                "lisible": one.is_open,
                "rubriques": [
                    {
                        "cle": section.key,
                        "titre": section.title,
                        "lignes": [{"libelle": label, "valeur": value} for label, value in section.lines],
                    }
                    for section in one.sections
                ],
            }
            for one in cases
        ],
    }
    return json.dumps(data, ensure_ascii=False, indent=1).encode()
