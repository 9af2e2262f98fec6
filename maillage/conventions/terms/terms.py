"""The whole of what a convention says: the root of the schema."""

from typing import Any, Literal, Self

from pydantic import Field, SerializerFunctionWrapHandler, field_serializer, model_validator

from maillage.conventions.terms.base import Frozen, ShortText, Text
from maillage.conventions.terms.blanks import Fillable
from maillage.conventions.terms.checks import problems_of
from maillage.conventions.terms.clocks import Clock
from maillage.conventions.terms.commitments import Commitment
from maillage.conventions.terms.duration import AmendmentClause, Exit, Renewal, Term
from maillage.conventions.terms.errors import CrossCheckError
from maillage.conventions.terms.flows import Flow
from maillage.conventions.terms.identity import (
    Annex,
    Identifier,
    Level,
    Narrative,
    Objective,
    Public,
    Relation,
)
from maillage.conventions.terms.obligations import Obligation
from maillage.conventions.terms.parties import Party, Signature, ThirdParty
from maillage.conventions.terms.protection import ProtectionRegime
from maillage.conventions.terms.services import Module, Service
from maillage.conventions.terms.steering import Axis, Committee, Indicator, Referent

SCHEMA_VERSION = 1


class Terms(Frozen):
    """A convention as data: typed, frozen, each clause citing its article.

    `source` is the file name of the text; `local_template` is the template that a framework carries for the
    conventions concluded under it. `term`, `renewal`, `exits` and `amendment` are always present: as a
    clause, or as the blank that says that the text is silent.
    """

    schema_version: Literal[1] = Field(description="Version du schéma ; un changement de sens l'augmente")
    id: Identifier
    title: ShortText
    level: Level
    source: ShortText | None = None
    place: Fillable[ShortText] | None = None
    originals: Fillable[int] | None = None
    summary: Text | None = None

    relations: tuple[Relation, ...] = ()
    objectives: tuple[Objective, ...] = ()
    public: tuple[Public, ...] = ()
    parties: tuple[Party, ...] = Field(min_length=2, max_length=50)
    third_parties: tuple[ThirdParty, ...] = ()
    signatures: tuple[Signature, ...] = ()

    term: Fillable[Term]
    renewal: Fillable[Renewal]
    exits: Fillable[tuple[Exit, ...]]
    amendment: Fillable[AmendmentClause]

    services: tuple[Service, ...] = ()
    modules: tuple[Module, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    flows: tuple[Flow, ...] = ()
    clocks: tuple[Clock, ...] = ()
    referents: tuple[Referent, ...] = ()
    committees: tuple[Committee, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    protection: tuple[ProtectionRegime, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    axes: tuple[Axis, ...] = ()
    annexes: tuple[Annex, ...] = ()
    narrative: tuple[Narrative, ...] = ()
    local_template: "Terms | None" = None

    def __hash__(self) -> int:
        """Equal Terms are of one title: enough to keep what a text is made ready for, and a reading's values have no hash."""
        return hash((self.id, self.title))

    @field_serializer("exits", mode="wrap")
    def _exits_keep_their_kind(self, exits: Any, default: SerializerFunctionWrapHandler) -> Any:
        """`kind` tells the forms of an exit apart: it is written even where other defaults are left out."""
        written = default(exits)
        if isinstance(exits, tuple):
            for clause, one in zip(exits, written, strict=True):
                one["kind"] = clause.kind
        return written

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        problems = problems_of(self)
        if problems:
            raise CrossCheckError(problems)
        return self
