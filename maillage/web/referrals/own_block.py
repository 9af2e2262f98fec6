"""The caisse's own file on the page of a case: its assessment, its plan, and the forms that write in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.forms import Form
from django.urls import reverse

from maillage.organisations.member import Member
from maillage.referrals.own.rules import ACTION_KINDS, ENDINGS, HEADINGS, OVERTAKEN
from maillage.referrals.own_file import Planned
from maillage.referrals.policies import can_work
from maillage.referrals.queries import File
from maillage.referrals.states import WORKED
from maillage.web.presentation.components import Confirmation, Fact
from maillage.web.presentation.dates import due_in, long_date, long_instant
from maillage.web.referrals.own_forms import AssessmentForm, EndForm, PlanForm
from maillage.web.referrals.restricted import is_stopped
from maillage.web.referrals.words import paragraphs

Opening = tuple[Confirmation, Form]


@dataclass(frozen=True, slots=True)
class Line:
    """An action of the plan: what it is, when it is due or how it ended, and what ends it."""

    fact: Fact
    ending: Opening | None


@dataclass(frozen=True, slots=True)
class OwnBlock:
    """What is shown of the own file; the forms are None where nobody works the case any more."""

    assessment: Sequence[Fact]
    made: str
    assess: Opening | None
    plan: Sequence[Line]
    add: Opening | None


def own_block(
    file: File, member: Member, on: date, people: Mapping[UUID, str], refused: Mapping[str, Form]
) -> OwnBlock | None:
    """The block, for whoever works the case; None for anybody else, and where there is nothing to show nor to write."""
    own, case, zone = file.own, file.participation.case_id, ZoneInfo(member.time_zone)
    if not can_work(member, file.participation.case):
        return None
    writes = file.referral.state in WORKED and file.participation.frozen_since is None
    if not (writes or own.assessment or own.plan):
        return None
    made, adds = own.assessment, writes and not is_stopped(file.participation)
    return OwnBlock(
        assessment=[
            Fact(label, paragraphs(own.texts[heading]))
            for heading, label in HEADINGS.items()
            if own.texts.get(heading)
        ],
        made=f"Version {made.number}, {_by(made.made_by, people)}le {long_instant(made.made_at, zone)}."
        if made
        else "",
        assess=(_to_assess(case), refused.get("assessment") or _assessment(file)) if adds else None,
        plan=[_line(planned, on, people, refused, writes=writes, zone=zone) for planned in own.plan],
        add=(_to_plan(case), refused.get("plan") or PlanForm()) if adds else None,
    )


def _assessment(file: File) -> AssessmentForm:
    made = file.own.assessment
    return AssessmentForm(initial={**file.own.texts, "after": made.number if made else 0})


def _by(who: UUID | None, people: Mapping[UUID, str]) -> str:
    name = people.get(who, "") if who else ""
    return f"par {name}, " if name else ""


def _line(
    planned: Planned,
    on: date,
    people: Mapping[UUID, str],
    refused: Mapping[str, Form],
    *,
    writes: bool,
    zone: ZoneInfo,
) -> Line:
    row = planned.row
    if row.state == "planned":
        said = f"Pour le {long_date(row.due_on)} ({due_in(row.due_on, on)})"
    else:
        ended = f" le {long_date(row.ended_at.astimezone(zone).date())}" if row.ended_at else ""
        how = OVERTAKEN.get(row.reason) or ENDINGS.get(row.reason or "done", "Terminée")
        said = f"{how}, {_by(row.ended_by, people)}{ended.strip()}"
    detail = planned.words or ""
    fact = Fact(ACTION_KINDS.get(row.kind, row.kind), said, detail)
    if row.state != "planned" or not writes:
        return Line(fact, None)
    ending = Confirmation(
        label="Dire ce qu’il en est",
        action=reverse("referrals:end_action", args=[row.id]),
        consequences=(),
        button="Enregistrer",
    )
    return Line(fact, (ending, refused.get(str(row.id)) or EndForm.of(row.id)))


def _to_assess(case: UUID) -> Confirmation:
    return Confirmation(
        label="Écrire le bilan",
        action=reverse("referrals:assess", args=[case]),
        consequences=("Chaque enregistrement fait une nouvelle version ; la dernière est montrée.",),
        button="Enregistrer le bilan",
    )


def _to_plan(case: UUID) -> Confirmation:
    return Confirmation(
        label="Prévoir une action",
        action=reverse("referrals:plan", args=[case]),
        consequences=("Elle vient le jour dit dans « À faire » de qui la prévoit.",),
        button="Ajouter au plan",
    )
