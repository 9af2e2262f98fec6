"""Small Terms in the words of the five texts, and short ways to write recorded events."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from maillage.conventions.lifecycle.events import Event, EventKind
from maillage.conventions.terms.duration import (
    AnniversaryDenunciation,
    Denunciation,
    Exit,
    Form,
    FormalNotice,
    GroundsTermination,
    ImmediateTermination,
    Renewal,
    RenewalCondition,
    Term,
)
from maillage.conventions.terms.readings import Reading
from maillage.core.calendar import Period


@dataclass(frozen=True)
class Body:
    """A party."""

    key: str


def one_year(**changes: object) -> Term:
    """One year from the last signature, unless `changes` say otherwise."""
    return Term(**({"article": "1", "starts": "last_signature", "lasts": Period(months=12)} | changes))


@dataclass(frozen=True)
class Text:
    """What the rules read of the Terms."""

    id: str = "convention"
    parties: Sequence[Body] = (Body("cpam"), Body("ccas"))
    term: Any = field(default_factory=one_year)
    renewal: Any = field(default_factory=lambda: Renewal(article="2", mode="none"))
    exits: tuple[Exit, ...] | Any = ()


TWO = (Body("cnam"), Body("cnaf"))
THREE = (Body("cpam"), Body("hopital"), Body("carsat"))

S0 = Text(
    id="s0",
    parties=TWO,
    term=Term(article="6", lasts=Period(months=12)),
    renewal=Renewal(article="6", mode="tacit", period=Period(months=12), times="not_stated"),
    exits=(Denunciation(article="6", form=Form.LRAR, notice=Period(months=2)),),
)
S1 = Text(
    id="s1",
    parties=TWO,
    term=Term(
        article="4",
        ends_on=date(2019, 12, 31),
        ends_with="COG de la CNSA",
        readings=(
            Reading(name="title_period", text="au 1er janvier 2016", values={"starts": "2016-01-01"}),
            Reading(name="last_signature", text="à la signature", values={"starts": "last_signature"}),
        ),
    ),
    renewal=Renewal(article="4", mode="none"),
    exits=(GroundsTermination(article="6", form=Form.LRAR, grounds=("Violation grave",), open_list=True),),
)
S2 = Text(
    id="s2",
    parties=THREE,
    term=one_year(article="9"),
    renewal=Renewal(article="9", mode="tacit"),
    exits=(
        AnniversaryDenunciation(article="9", form=Form.LRAR, before=Period(months=3)),
        ImmediateTermination(article="9", grounds=("Violation du secret professionnel",), indemnity=False),
    ),
)
S3 = Text(
    id="s3",
    parties=(Body("cpam"), Body("carsat"), Body("ccas")),
    term=one_year(article="9.1"),
    renewal=Renewal(
        article="9.2",
        mode="tacit",
        conditions=(RenewalCondition(kind="shared_evaluation", text="Évaluation de la première année"),),
    ),
    exits=(FormalNotice(article="9.4", form=Form.LRAR, cure=Period(days=15), counted_from="sending"),),
)


def signed(*days: date, text: Text | None = None) -> list[Event]:
    """One day: everybody; several: one for each party of `text`, in order."""
    if text is None or len(days) == 1:
        return [Event(EventKind.SIGNED, day) for day in days]
    return [
        Event(EventKind.SIGNED, day, party=body.key) for body, day in zip(text.parties, days, strict=False)
    ]


def event(kind: str, day: date, **details: Any) -> Event:
    """A recorded event."""
    return Event(EventKind(kind), day, **details)
