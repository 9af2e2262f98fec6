"""What the parties offer: services of the common and optional trunks, and who is entitled to them."""

from typing import Self

from pydantic import Field, model_validator

from maillage.conventions.terms.base import (
    Article,
    Clause,
    Frozen,
    Key,
    Labelled,
    OptionalClause,
    ShortText,
    Text,
)
from maillage.conventions.terms.blanks import Fillable
from maillage.conventions.terms.criteria import Criterion


class Trunk(Labelled):
    """Common trunk (every local convention) or optional trunk (as the parties choose)."""

    COMMON = "common", "tronc commun"
    OPTIONAL = "optional", "tronc optionnel"


class Item(Frozen):
    """One line of a list that a form shows; `article` where lines of one list come from several.

    `when` says it of known facts, so that the router decides it; without it the line itself is asked.
    """

    key: Key
    label: ShortText
    article: Article | None = None
    when: Criterion | None = None


class Eligibility(Clause):
    """Who a service takes: all `conditions`, at least `at_least` of the `items`, none of the `exclusions`."""

    conditions: tuple[Item, ...] = ()
    items: tuple[Item, ...] = ()
    at_least: int | None = Field(default=None, ge=1)
    exclusions: tuple[Item, ...] = ()

    @model_validator(mode="after")
    def _enough_items(self) -> Self:
        if self.at_least is not None and self.at_least > len(self.items):
            raise ValueError(f"`at_least` au plus égal au nombre d'items ({len(self.items)})")
        return self


class Secondment(Clause):
    """An agent of one party works on another's premises by appointment (row B7): who sends her, who hosts her, who fills her agenda.

    `flow` is the flow under which an appointment is made, from the host to whoever sends the agent. Where the text does not
    say who fills the agenda (S2), retaining that flow is what says that the host does.
    """

    delegates: Key
    hosts: Key
    agenda_by: Key | None = None
    flow: Key


class Service(OptionalClause):
    """A service named by the convention; its means are the commitments that name it in `services`."""

    label: ShortText
    trunk: Trunk | None = None
    debtors: tuple[Key, ...] = Field(default=(), description="Parties ou tiers qui rendent le service")
    description: Text | None = None
    motives: tuple[Item, ...] = ()
    eligibility: Eligibility | None = None
    secondment: Secondment | None = None
    local_adaptation: Fillable[Text] | None = None


class Module(OptionalClause):
    """A theme of information or training that a party prepares."""

    label: ShortText
    services: tuple[Key, ...] = ()
