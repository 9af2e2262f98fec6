"""Django finds here the models of the sub-rooms."""

from maillage.protection.assessments.models import Assessment, AssessmentContribution, AssessmentRisk
from maillage.protection.authorisations.models import TransferAnswer, TransferRequest, TransferWithdrawal
from maillage.protection.breaches.extent_models import BreachExtent
from maillage.protection.breaches.models import (
    Breach,
    BreachDecision,
    BreachEntry,
    BreachNotice,
    BreachParty,
    BreachReach,
)
from maillage.protection.destruction.models import Destruction
from maillage.protection.records.models import RecordVersion
from maillage.protection.requests.models import (
    Rectification,
    RequestFile,
    RequestPart,
    RightOutcome,
    RightsRequest,
)
from maillage.protection.retention.models import CaseDuration

__all__ = [
    "Assessment",
    "AssessmentContribution",
    "AssessmentRisk",
    "Breach",
    "BreachDecision",
    "BreachEntry",
    "BreachExtent",
    "BreachNotice",
    "BreachParty",
    "BreachReach",
    "CaseDuration",
    "Destruction",
    "RecordVersion",
    "Rectification",
    "RequestFile",
    "RequestPart",
    "RightOutcome",
    "RightsRequest",
    "TransferAnswer",
    "TransferRequest",
    "TransferWithdrawal",
]
