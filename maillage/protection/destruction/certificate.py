"""The certificate of a destruction: what was destroyed, how, how many, what remains and why; sealed, with the same in JSON inside."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from zoneinfo import ZoneInfo

from maillage.conventions.terms.base import article_named
from maillage.core.french import date_in_words, typeset
from maillage.documents.composition import Block, Listing, Paragraph, Part, Report, text
from maillage.documents.rendering import render_pdf
from maillage.documents.sealing import SealFault, checked, seal
from maillage.protection.retention.rules import DataClass, rule_for

ATTACHED: Final = "certificat.json"
FORMAT: Final = 2
READABLE: Final = (1, FORMAT)
"""The first format said neither a stated reason nor what was not sent."""
METHOD: Final = (
    "La clé de l’organisme pour cette convention est détruite dans le magasin de clés : ce qui est chiffré sous elle ne s’ouvre plus, "
    "ni dans la base, ni dans les fichiers, ni dans les sauvegardes. Les clés scellées, les empreintes de recherche et l’accès de "
    "l’organisme à chaque dossier sont effacés. Le registre des effacements le refait à chaque restauration."
)
REMAINS: Final = (
    "Les dossiers que l’autre partie suit encore : elle les garde pour ses propres durées, sous ses propres clés.",
    "Des lignes chiffrées que plus aucune clé n’ouvre.",
    "Le journal, qui ne contient que des références, de six à douze mois.",
    "Les chiffres déjà publiés, qui ne nomment personne.",
)


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says; ids are texts, instants ISO 8601 in UTC. `ledger`: the digest of the lines that say so."""

    destruction: str
    convention: str
    convention_title: str
    organisation: str
    organisation_name: str
    article: str
    why: str
    what: str
    ended_on: str
    began_at: str
    finished_at: str
    cases: int
    documents: int
    store: str
    ledger: str
    reason: str = ""
    drafts: int = 0
    preparations: int = 0
    tables: int = 0
    format: int = FORMAT


def ledger_digest(organisation: str, convention: str) -> str:
    """The digest of the line of the ledger that says that these keys are destroyed."""
    return sha256(f"convention|{convention}|{organisation}".encode()).hexdigest()


def drawn(one: Certificate, *, zone: ZoneInfo, pem: bytes) -> bytes:
    """The certificate as a sealed PDF. Raises RenderingFailed."""
    report = Report(
        title=typeset("Certificat de destruction de données à caractère personnel"),
        kind_label=typeset(one.convention_title),
        reference=typeset(f"Destruction {one.destruction[-8:].upper()}"),
        parts=(
            Part("Organisme", _lines(one.organisation_name)),
            Part(
                typeset("Ce qui est détruit"),
                _lines(
                    "Les dossiers que l’organisme tenait sous cette convention, leurs pièces et leurs messages joints",
                    *([f"Ce que le texte demande : {one.what}"] if one.what else []),
                    f"Fondement : {_article(one.article)}{one.why}",
                    *([f"Jour fixé par l’organisme : {one.reason}"] if one.reason else []),
                    f"Convention finie le {_day(one.ended_on, zone)}",
                    f"Commencée le {_day(one.began_at, zone)}, achevée le {_day(one.finished_at, zone)}",
                    f"Dossiers : {one.cases} ; documents : {one.documents}",
                ),
            ),
            Part(typeset("Par quelle méthode"), (Paragraph(text(typeset(METHOD))),)),
            Part(
                typeset("Clés détruites"),
                _lines(
                    f"Magasin {one.store}", f"Convention {one.convention}", f"Organisme {one.organisation}"
                ),
            ),
            Part(typeset("Ce qui reste, et pourquoi"), _lines(*unsent_lines(one), *REMAINS)),
            Part(
                typeset("Preuve"),
                _lines(
                    f"Empreinte du registre des effacements : {one.ledger}",
                    "Ce document est scellé par la plateforme (PAdES) ; un octet changé se voit.",
                    f"Vérification : maillage erase verify FICHIER. Les mêmes données sont jointes ({ATTACHED}).",
                ),
            ),
        ),
    )
    return seal(
        render_pdf("report", report.as_data()),
        pem=pem,
        reason="Certificat de destruction",
        attached={ATTACHED: _canonical(asdict(one))},
    )


def countersigned(pdf: bytes, *, pem: bytes, by: str, function: str) -> bytes:
    """The certificate with a second seal, which says for whom and in which function it was countersigned."""
    return seal(pdf, pem=pem, reason=f"{_COUNTERSIGNED}{by}, {function}")


_COUNTERSIGNED: Final = "Contresigné pour "


@dataclass(frozen=True, slots=True)
class Countersigned:
    """Whom a certificate was countersigned for, with the function, and when, as the second seal says."""

    by: str
    at: datetime | None


def countersignature(pdf: bytes, *, certificate: bytes) -> Countersigned | None:
    """The countersignature of a certificate, where it has one. Raises SealFault."""
    sealed = checked(pdf, certificate=certificate)
    last = sealed.reasons[-1]
    if not last.startswith(_COUNTERSIGNED):
        return None
    return Countersigned(last.removeprefix(_COUNTERSIGNED), sealed.sealed_at)


def read(pdf: bytes, *, certificate: bytes) -> Certificate:
    """What a certificate says, once its seal held. Raises SealFault."""
    sealed = checked(pdf, certificate=certificate)
    try:
        content: dict[str, Any] = json.loads(sealed.attached[ATTACHED])
        found = Certificate(**content)
    except (KeyError, ValueError, TypeError) as error:
        raise SealFault("Ce PDF scellé n’est pas un certificat de destruction.") from error
    if found.format not in READABLE:
        raise SealFault(f"Ce certificat est au format {found.format}, que cette version ne lit pas.")
    return found


def unsent_lines(one: Certificate) -> tuple[str, ...]:
    """What was begun and never sent: it opens until its own durations have run, and is about whichever convention."""
    said = tuple(
        f"{data.label} : {number}, de toutes ses conventions. Rien n’en a été envoyé ; leur contenu s’ouvre encore pour l’organisme "
        f"et est effacé {duration.label()} après {rule.start}."
        for data, number in (
            (DataClass.DRAFT, one.drafts),
            (DataClass.PREPARATION, one.preparations),
            (DataClass.TABLE, one.tables),
        )
        if number and (rule := rule_for(data)) and (duration := rule.duration)
    )
    return said or ("Rien n’était commencé sans être envoyé.",)


def _canonical(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, sort_keys=True, ensure_ascii=False, indent=1).encode()


def _lines(*lines: str) -> tuple[Block, ...]:
    return (Listing(tuple(text(typeset(line)) for line in lines)),)


def _article(article: str) -> str:
    return f"{article_named(article)}. " if article else ""


def _day(iso: str, zone: ZoneInfo) -> str:
    if "T" not in iso:
        return date_in_words(datetime.fromisoformat(iso).date())
    local = datetime.fromisoformat(iso).astimezone(zone)
    return f"{date_in_words(local.date())} à {local.hour} h {local.minute:02d}"
