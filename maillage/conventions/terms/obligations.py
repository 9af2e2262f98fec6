"""Finance, property, communication, confidentiality, disputes: what someone can tick, approve or open."""

from pydantic import Field

from maillage.conventions.terms.base import Key, KeyedClause, Labelled, ShortText, Text
from maillage.conventions.terms.blanks import Fillable
from maillage.conventions.terms.commitments import Amount, Cadence


class ObligationKind(Labelled):
    """Matter of the obligation."""

    FINANCE = "finance", "finances"
    PROPERTY = "property", "propriété intellectuelle"
    COMMUNICATION = "communication", "communication"
    CONFIDENTIALITY = "confidentiality", "confidentialité"
    DISPUTES = "disputes", "différends"
    NOTIFICATION = "notification", "information d'un tiers"
    OTHER = "other", "autre"


class ObligationGesture(Labelled):
    """What someone does with it on screen: tick it, approve case by case, or open a procedure."""

    TICK = "tick", "à cocher"
    APPROVE = "approve", "à approuver"
    OPEN = "open", "à ouvrir"


class Obligation(KeyedClause):
    """A general obligation of the convention.

    `approvers` approve, `informed` are told beforehand; `steps` are the stages of a procedure, in order.
    """

    kind: ObligationKind
    gesture: ObligationGesture
    what: Text
    debtors: tuple[Key, ...] = Field(default=(), description="Vide : toutes les parties")
    approvers: tuple[Key, ...] = ()
    informed: tuple[Key, ...] = ()
    prior: bool = False
    written: bool = False
    case_by_case: bool = False
    outlives_term: bool = False
    steps: tuple[ShortText, ...] = ()
    amount: Fillable[Amount] | None = None
    cadence: Cadence | None = None
