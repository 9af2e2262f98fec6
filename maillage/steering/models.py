"""Django finds here the models of the sub-rooms."""

from maillage.steering.committees.models import Decision, Meeting, Minutes, Pack, Remark, Validation
from maillage.steering.credits.models import CreditEnvelope, CreditFigure, RegulationMeasure
from maillage.steering.local_actions.models import LocalAction, Proposal
from maillage.steering.provision.models import ProvisionActual, ProvisionTriangle
from maillage.steering.sheets.models import SheetEntry

__all__ = [
    "CreditEnvelope",
    "CreditFigure",
    "Decision",
    "LocalAction",
    "Meeting",
    "Minutes",
    "Pack",
    "Proposal",
    "ProvisionActual",
    "ProvisionTriangle",
    "RegulationMeasure",
    "Remark",
    "SheetEntry",
    "Validation",
]
