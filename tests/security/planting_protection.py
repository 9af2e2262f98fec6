"""A suspected breach of each world: reported by the holder, told to the other, decided by both."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.protection.models import (
    Assessment,
    AssessmentContribution,
    AssessmentRisk,
    Breach,
    BreachDecision,
    BreachEntry,
    BreachExtent,
    BreachNotice,
    BreachParty,
    BreachReach,
    CaseDuration,
    Destruction,
    RecordVersion,
    Rectification,
    RequestFile,
    RequestPart,
    RightOutcome,
    RightsRequest,
    TransferAnswer,
    TransferRequest,
    TransferWithdrawal,
)
from tests.days import today

if TYPE_CHECKING:
    from tests.security.planting import Plant, World


def plant_protection(found: Plant, world: World) -> None:
    """Both read the file; each its own part in it; what the holder's journal told stays with the holder."""
    from tests.security.planting import AT, _save

    both, holder = world.both, frozenset({world.holder})
    breach = Breach(
        organisation_id=world.holder, what=world.canary, noticed_at=AT, natures=["integrity"], data=["health"], recorded_at=AT,
        recorded_by=uuid7(),
    )  # fmt: skip
    world.ids["breach"] = _save(found, breach, both, adders=holder)
    own = BreachParty.objects.using("owner").get(breach=breach)  # written by the trigger of the report
    _save(found, own, holder, adders=frozenset())
    told = BreachParty(
        breach=breach, organisation_id=world.other, controls=True, decides=True, since=AT, aware_at=AT
    )
    _save(found, told, frozenset({world.other}), adders=frozenset())
    notice = BreachNotice(
        breach=breach, convention_id=world.ids["convention"], debtor_id=world.holder, addressee_id=world.other, article=world.canary,
        within="24h", start="suspicion", counted_from=AT, written_at=AT,
    )  # fmt: skip
    _save(found, notice, both, adders=frozenset())
    known = {"recorded_at": AT, "recorded_by": uuid7(), "recorded_for_id": world.other}
    other = frozenset({world.other})
    decision = BreachDecision(breach=breach, number=1, is_breach=False, reason=world.canary, **known)
    _save(found, decision, both, writers=other)
    entry = BreachEntry(
        breach=breach,
        kind="note",
        happened_at=AT,
        text=world.canary,
        document_id=world.ids["document"],
        **known,
    )
    _save(found, entry, both, writers=other)
    extent = BreachExtent(
        breach=breach,
        number=1,
        natures=["integrity"],
        data=["health"],
        people=12,
        goes_on=False,
        began_at=AT,
        stopped_at=AT,
        why=world.canary,
        **known,
    )
    _save(found, extent, both, writers=other)
    reach = BreachReach(
        organisation_id=world.holder, breach=breach, since=AT, before=AT.replace(hour=23), cases=[], readers=[], conventions=[],
        recorded_at=AT, recorded_by=uuid7(),
    )  # fmt: skip
    _save(found, reach, holder)
    destruction = Destruction(
        convention_id=world.ids["convention"], organisation_id=world.holder, state="planned", article=world.canary, what=world.canary,
        why=world.canary, ended_on=AT.date(), earliest_on=AT.date(), due_on=AT.date(), planned_at=AT,
    )  # fmt: skip
    _save(found, destruction, both, changers=holder, adders=frozenset())
    version = RecordVersion(
        organisation_id=world.holder, number=1, content=world.canary, digest=sha256(world.canary.encode()).hexdigest(), added=1,
        removed=0, changed=0, recorded_at=AT, recorded_by=uuid7(),
    )  # fmt: skip
    _save(found, version, holder)
    duration = CaseDuration(
        organisation_id=world.holder, convention_id=world.ids["convention"], months=24, reason=world.canary, recorded_at=AT,
        recorded_by=uuid7(),
    )  # fmt: skip
    _save(found, duration, holder)
    _plant_requests(found, world)
    _plant_transfer(found, world)
    _plant_assessment(found, world)


def _plant_requests(found: Plant, world: World) -> None:
    """Received by the holder, asked of the other: both read that, each its own file."""
    from tests.security.planting import AT, ON, _save

    both, holder, other = world.both, frozenset({world.holder}), frozenset({world.other})
    request = RightsRequest(
        organisation_id=world.holder, received_on=ON, channel="letter", subject="person", rights=["access"], due_on=ON.replace(month=4),
        recorded_at=AT, recorded_by=uuid7(),
    )  # fmt: skip
    world.ids["rights_request"] = _save(found, request, both, adders=holder, changers=holder)
    own = RequestPart.objects.using("owner").get(request=request)  # written by the trigger of the request
    _save(found, own, holder, writers=frozenset())
    asked = RequestPart(
        request=request, receiver_id=world.holder, organisation_id=world.other, convention_id=world.ids["convention"],
        article=world.canary, cases=[world.ids["case"]], asked_at=AT,
    )  # fmt: skip
    _save(found, asked, both, writers=frozenset())
    file = RequestFile(
        request=request, organisation_id=world.holder, sealed=world.canary.encode(), words=world.canary, cases=[world.ids["case"]],
        contacts=[world.ids["referent"]],
    )  # fmt: skip
    world.ids["request_file"] = _save(found, file, holder)
    outcome = RightOutcome(
        organisation_id=world.holder, file=file, right="access", outcome="granted", words=world.canary, decided_at=AT, decided_by=uuid7(),
    )  # fmt: skip
    _save(found, outcome, holder)
    theirs = RequestFile(request=request, organisation_id=world.other, words=world.canary)
    _save(found, theirs, other)
    told = Rectification(
        request=request, organisation_id=world.holder, addressee_id=world.other, case_id=world.ids["case"], what=world.canary, told_at=AT,
        told_by=uuid7(),
    )  # fmt: skip
    _save(found, told, both, adders=frozenset(), changers=other)


def _plant_transfer(found: Plant, world: World) -> None:
    """Asked by the holder of the other, granted by it; another one withdrawn by the holder: both read all of it."""
    from tests.security.planting import _save

    both, holder, other = world.both, frozenset({world.holder}), frozenset({world.other})
    known = {"convention_id": world.ids["convention"], "recorded_at": now(), "recorded_by": uuid7()}
    asked = TransferRequest(
        organisation_id=world.holder, regime_key="autres", kind="sub_processor", body=world.canary, country="France", data=world.canary,
        purpose=world.canary, guarantees=world.canary, starts_on=today(), asked_of=[world.other], article=world.canary,
        document_id=world.ids["document"], **known,
    )  # fmt: skip
    world.ids["transfer"] = _save(found, asked, both, writers=holder)
    granted = TransferAnswer(
        request=asked,
        organisation_id=world.other,
        granted=True,
        words=world.canary,
        day=today(),
        to_term=True,
        recorded_for_id=world.other,
        **known,
    )
    _save(found, granted, both, writers=other)
    other_one = TransferRequest.objects.using("owner").get(pk=asked.pk)
    other_one.pk, other_one._state.adding = uuid7(), True
    _save(found, other_one, both, writers=holder)
    ended = TransferWithdrawal(request=other_one, words=world.canary, recorded_for_id=world.holder, **known)
    _save(found, ended, both, writers=holder)


def _plant_assessment(found: Plant, world: World) -> None:
    """Led by the holder, an opinion asked of the other, who reads it too."""
    from tests.security.planting import AT, _save

    both, holder = world.both, frozenset({world.holder})
    file = Assessment(
        organisation_id=world.holder, convention_id=world.ids["convention"], regime="detections", scope=world.canary, number=1,
        necessity=world.canary, recorded_at=AT, recorded_by=uuid7(),
    )  # fmt: skip
    _save(found, file, both, adders=holder, changers=holder)
    risk = AssessmentRisk(
        assessment=file, event="access", sources=world.canary, impacts=world.canary, measures=world.canary, severity=3, likelihood=2,
        residual_severity=2, residual_likelihood=1, written_at=AT,
    )  # fmt: skip
    _save(found, risk, both, adders=holder, changers=holder)
    asked = AssessmentContribution(
        assessment=file, leader_id=world.holder, organisation_id=world.other, kind="opinion", question=world.canary,
        subject=world.canary, due_on=date(2199, 1, 1), recorded_at=AT, recorded_by=uuid7(),
    )  # fmt: skip
    _save(found, asked, both, adders=holder)
