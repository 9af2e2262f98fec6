"""The one way to write a text: a new version, the signatures that it voids, the row that names it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from maillage.audit.actions import record
from maillage.conventions.lifecycle.models import Convention, TermsVersion
from maillage.conventions.lifecycle.recorded import RecordedKind
from maillage.conventions.lifecycle.recording import day_of, keep
from maillage.conventions.lifecycle.states import TRANSITIONS, State
from maillage.conventions.terms import Blank, Terms, content_hash, terms_data
from maillage.core.moves import move
from maillage.core.refusals import Refused
from maillage.core.text import sort_key
from maillage.organisations.kinds import is_health_insurance
from maillage.organisations.member import Member
from maillage.organisations.models import Organisation

_BACK_TO_DRAFT: Final = {State.PROPOSED: "take_back", State.PARTLY_SIGNED: "change_text"}


@dataclass(frozen=True, slots=True)
class Written:
    """What writing did: the number of the version, and the keys of the parties whose signature it voided."""

    version: int
    voided: tuple[str, ...] = ()
    changed: bool = True

    @property
    def message(self) -> str:
        """What the page says after the step, in French."""
        if not self.voided:
            return "Enregistré."
        return (
            f"Enregistré. Le texte a changé : la signature de {', '.join(self.voided)} est annulée, "
            "chaque partie devra signer ce nouveau texte."
        )


def write(*, convention: Convention, terms: Terms, by: Member, at: datetime) -> Written:
    """Keep a new version of the text, if it differs; a text that had been proposed becomes a draft again.

    The row must be locked. Signatures of the former text are voided by the database, and told in the history. Raises
    `Refused` once all have signed: the text then changes by avenant.
    """
    if convention.state not in (State.DRAFT, State.PROPOSED, State.PARTLY_SIGNED):
        raise Refused("Toutes les parties ont signé : le texte ne change plus que par avenant.")
    digest = content_hash(terms)
    kept = TermsVersion.objects.filter(convention=convention).order_by("-number")
    number, newest = kept.values_list("number", "content_hash").first() or (0, "")
    if newest == digest:
        return Written(number, changed=False)
    voided = tuple(
        convention.signatures.filter(amendment=None, voided_at=None)
        .exclude(content_hash=digest)
        .order_by("party_key")
        .values_list("party_key", flat=True)
    )
    TermsVersion.objects.create(
        convention=convention,
        number=number + 1,
        terms=terms_data(terms),
        content_hash=digest,
        written_at=at,
        written_by=by.user,
    )
    if convention.state != State.DRAFT:
        _back_to_draft(convention, voided, by, at)
    bodies = _short_names(convention)
    _update(convention, {**described(terms, bodies), "content_hash": digest, "changed_at": at})
    record(
        verb="convention.write",
        object_type="convention",
        object_ref=convention.id,
        by=by.user,
        organisation=by.organisation,
        fields=("terms",),
    )
    return Written(number + 1, voided)


def described(terms: Terms, bodies: Mapping[str, str]) -> dict[str, str]:
    """What the list shows of a text; `bodies` gives the short names of those chosen behind its parties."""
    partner = next(
        (
            party
            for party in terms.parties
            if not isinstance(party.kind, Blank) and not is_health_insurance(party.kind.value)
        ),
        None,
    )
    names = [
        bodies.get(party.key)
        or party.short_name
        or (party.key.upper() if isinstance(party.name, Blank) else party.name)
        for party in terms.parties
    ]
    return {
        "title": terms.title[:300],
        "sort_title": sort_key(terms.title)[:300],
        "level": terms.level.value,
        "partner_kind": partner.kind.value if partner and not isinstance(partner.kind, Blank) else "",
        "partners": ", ".join(names)[:400],
    }


def _short_names(convention: Convention) -> dict[str, str]:
    named = dict(
        Organisation.objects.filter(pk__in=list(convention.chosen.values())).values_list("id", "short_name")
    )
    return {key: named.get(UUID(body), "") for key, body in convention.chosen.items()}


def rename_partners(convention: Convention, terms: Terms) -> None:
    """Write the list's columns again once a body was chosen, the text itself being unchanged."""
    _update(convention, described(terms, _short_names(convention)))


def _back_to_draft(convention: Convention, voided: tuple[str, ...], by: Member, at: datetime) -> None:
    move(convention, TRANSITIONS, _BACK_TO_DRAFT[State(convention.state)])
    keep(
        convention=convention,
        kind=RecordedKind.TEXT_CHANGED if voided else RecordedKind.TAKEN_BACK,
        day=day_of(convention, at),
        by=by,
        at=at,
        detail={"voided": list(voided)},
    )


def _update(convention: Convention, values: dict[str, Any]) -> None:
    Convention.objects.filter(pk=convention.pk).update(**values)
    for name, value in values.items():
        setattr(convention, name, value)
