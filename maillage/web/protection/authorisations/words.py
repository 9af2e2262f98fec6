"""An authorisation in words: what it is, where it stands, who has still to answer."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from django.urls import reverse

from maillage.conventions.lifecycle.queries import parties
from maillage.protection.authorisations.notifications import reference
from maillage.protection.authorisations.queries import Transfer
from maillage.protection.authorisations.rules import Kind, State
from maillage.web.presentation.cells import state_cell
from maillage.web.presentation.dates import short_date
from maillage.web.presentation.tables import Column, Row
from maillage.web.presentation.tones import Tone

TONES: Final[Mapping[State, Tone]] = {
    State.ASKED: Tone.SOON,
    State.GRANTED: Tone.GOOD,
    State.REFUSED: Tone.LATE,
    State.WITHDRAWN: Tone.NEUTRAL,
    State.EXPIRED: Tone.NEUTRAL,
}
KINDS: Final[Mapping[str, str]] = {
    Kind.SUB_PROCESSOR: "sous-traitant",
    Kind.THIRD_PARTY: "transfert à un tiers",
    Kind.OUTSIDE_UNION: "transfert hors de l’Union européenne",
}
COLUMNS: Final = (
    Column("Demande"),
    Column("Demandée par"),
    Column("Pour"),
    Column("Nature"),
    Column("Convention"),
    Column("Dernier jour"),
    Column("État"),
)


def row(one: Transfer) -> Row:
    """One line of a list."""
    asked = one.row
    return Row(
        (
            reference(asked.pk),
            asked.organisation.short_name,
            f"{asked.body} ({asked.country})",
            KINDS[asked.kind],
            asked.convention.title,
            last_day(one),
            state_cell(state_words(one), TONES[one.standing.state]),
        ),
        url=reverse("protection:transfer", args=[asked.pk]),
    )


def state_words(one: Transfer) -> str:
    """Where it stands; what is granted may begin later."""
    if one.standing.state is State.GRANTED and not one.covers:
        return f"Autorisée, à partir du {short_date(one.row.starts_on)}"
    return one.standing.state.label


def last_day(one: Transfer) -> str:
    """Its last day, where it has one."""
    if one.standing.state not in (State.GRANTED, State.EXPIRED):
        return "–"
    return short_date(one.standing.last_day) if one.standing.last_day else "avec la convention"


def names_of(convention: UUID) -> dict[UUID, str]:
    """The parties of a convention, by organisation."""
    return {one.organisation: one.name for one in parties([convention]).get(convention, ())}


def listed(ids: Sequence[UUID], names: Mapping[UUID, str]) -> str:
    """These parties, by name."""
    return ", ".join(names.get(one, "partie") for one in ids)
