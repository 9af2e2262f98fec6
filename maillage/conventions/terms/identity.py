"""Which convention it is, what it is tied to, what it aims at and whom it is for."""

from typing import Annotated

from pydantic import Field, StringConstraints

from maillage.conventions.terms.base import (
    Clause,
    Day,
    Frozen,
    Key,
    KeyedClause,
    Labelled,
    OptionalClause,
    ShortText,
    Text,
)
from maillage.conventions.terms.blanks import Fillable
from maillage.conventions.terms.services import Item

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([-_][a-z0-9]+)*$", max_length=120)]


class Level(Labelled):
    """The level at which a convention is concluded; a template is not concluded at all."""

    NATIONAL_FRAMEWORK = "national_framework", "cadre national"
    NATIONAL = "national", "nationale"
    LOCAL = "local", "locale"
    TEMPLATE = "template", "modèle"


class RelationKind(Labelled):
    """How a convention is tied to another instrument."""

    IMPLEMENTS = "implements", "met en œuvre"
    BACKED_ON = "backed_on", "adossée à"
    SUCCEEDS = "succeeds", "succède à"
    COUNTERPART_OF = "counterpart_of", "pendant local de"
    DRAWN_FROM = "drawn_from", "tirée de"
    ALIGNED_ON = "aligned_on", "alignée sur"


class Relation(OptionalClause):
    """An edge of the graph of conventions; the other end may live outside Maillage.

    `target` is the id of a convention that Maillage holds, else `name` alone describes the instrument.
    `replaces_for` lists the flows for which the outside tool is used, so that nothing is entered twice.
    """

    kind: RelationKind
    name: ShortText
    target: Identifier | None = None
    reference: Fillable[ShortText] | None = None
    on: Day | None = None
    period: ShortText | None = None
    replaces_for: tuple[Key, ...] = ()
    facts: tuple[ShortText, ...] = Field(default=(), description="Faits joints : bilan partagé, signature…")


class Objective(OptionalClause):
    """What the convention aims at; an amendment clause may put objectives out of reach."""

    text: Text


class Public(KeyedClause):
    """Who may be referred under the convention: the router reads its `criteria`, all of which must hold.

    A public that names `services` concerns them alone, and they concern it alone. `conditions` are words that people read.
    """

    text: Text
    conditions: tuple[ShortText, ...] = ()
    criteria: tuple[Item, ...] = ()
    services: tuple[Key, ...] = ()


class Annex(Clause):
    """An annex that the text names: `content` is a blank when the annex was not joined."""

    key: Key
    title: ShortText
    content: Fillable[Text]


class Narrative(Frozen):
    """An article that obliges nobody: listed with the reason, so that no article is silently missing."""

    article: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    reason: ShortText
    says: Text | None = None
