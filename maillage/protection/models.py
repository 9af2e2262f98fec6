"""Django finds here the models of the sub-rooms."""

from maillage.protection.breaches.models import (
    Breach,
    BreachDecision,
    BreachEntry,
    BreachNotice,
    BreachParty,
    BreachReach,
)

__all__ = ["Breach", "BreachDecision", "BreachEntry", "BreachNotice", "BreachParty", "BreachReach"]
