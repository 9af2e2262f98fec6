"""Django finds here the models of the sub-rooms."""

from maillage.conventions.amendments.models import Amendment
from maillage.conventions.calendar_feeds.models import CalendarFeed
from maillage.conventions.commitments.models import CommitmentEvidence, EvidenceCount, ObligationMark
from maillage.conventions.data_roles.models import FlowAcceptance
from maillage.conventions.deployment.models import DeploymentReason
from maillage.conventions.lifecycle.models import Convention, Delivery, Event, Party, Relation, TermsVersion
from maillage.conventions.referents.models import Referent, ReferentTraining
from maillage.conventions.signatures.models import Signature
from maillage.conventions.solicitations.models import Solicitation

__all__ = [
    "Amendment",
    "CalendarFeed",
    "CommitmentEvidence",
    "Convention",
    "Delivery",
    "DeploymentReason",
    "Event",
    "EvidenceCount",
    "FlowAcceptance",
    "ObligationMark",
    "Party",
    "Referent",
    "ReferentTraining",
    "Relation",
    "Signature",
    "Solicitation",
    "TermsVersion",
]
