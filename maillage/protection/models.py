"""Django finds here the models of the sub-rooms."""

from maillage.protection.assessments.models import Assessment, AssessmentContribution, AssessmentRisk
from maillage.protection.breaches.models import (
    Breach,
    BreachDecision,
    BreachEntry,
    BreachNotice,
    BreachParty,
    BreachReach,
)
from maillage.protection.destruction.models import Destruction
from maillage.protection.requests.models import Rectification, RequestFile, RequestPart, RightsRequest

__all__ = [
    "Assessment",
    "AssessmentContribution",
    "AssessmentRisk",
    "Breach",
    "BreachDecision",
    "BreachEntry",
    "BreachNotice",
    "BreachParty",
    "BreachReach",
    "Destruction",
    "Rectification",
    "RequestFile",
    "RequestPart",
    "RightsRequest",
]
