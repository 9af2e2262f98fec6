"""Local actions: described, analysed, arbitrated, rolled out. Each action: policy, check, change, journal."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from maillage.conventions.commitments.opening import open_signed
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.recording import day_of, new_row, not_in_the_future, own_id
from maillage.core.moves import move
from maillage.core.refusals import Fault, check
from maillage.organisations.member import Member
from maillage.steering.local_actions.models import LocalAction
from maillage.steering.local_actions.rules import LONGEST, LONGEST_WORD, MOST
from maillage.steering.local_actions.states import TRANSITIONS
from maillage.steering.saying import tell_journal, text_faults


@dataclass(frozen=True, slots=True)
class Arbitration:
    """What the national level decided: kept or refused, by whom (a body, a function), on which day, why."""

    is_kept: bool
    arbiter: str
    day: date
    why: str


@transaction.atomic
def describe(
    *, convention: Convention, action_id: UUID, title: str, description: str, by: Member, at: datetime
) -> LocalAction:
    """Describe a local initiative (S3 and S4, optional trunk: « actions à décrire »). Raises `Refused` at `title`, `description`."""
    known = open_signed(convention, by)
    new = own_id(action_id, by)
    if (kept := LocalAction.objects.filter(pk=new, convention=known.row).first()) is not None:
        return kept
    full = LocalAction.objects.filter(convention=known.row).count() >= MOST
    check(
        [
            Fault(f"Une convention décrit {MOST} actions au plus.", "title") if full else None,
            *text_faults({"title": title}, known.id, by, longest=200, needed=("title",)),
            *text_faults(
                {"description": description}, known.id, by, longest=LONGEST, needed=("description",)
            ),
        ]
    )
    with new_row():
        row = LocalAction.objects.create(
            id=new,
            convention=known.row,
            title=title.strip(),
            description=description.strip(),
            recorded_at=at,
            recorded_by=by.user,
            recorded_for_id=by.organisation,
        )
    tell_journal("describe", "local_action", row.pk, by)
    return row


@transaction.atomic
def analyse(*, action: UUID, done: str, results: str, worth: bool, by: Member, at: datetime) -> LocalAction:
    """Note the parties' analysis: what was done, its results, whether it is worth generalising (S4 art. 9).

    Raises LocalAction.DoesNotExist, PermissionDenied, TransitionRefused, `Refused` at `done`, `results`.
    """
    known, row = open_action(action, by)
    texts = {"done": done, "results": results}
    check(text_faults(texts, known.id, by, longest=LONGEST, needed=("done", "results")))
    move(
        row,
        TRANSITIONS,
        "analyse",
        done=done.strip(),
        results=results.strip(),
        worth=worth,
        analysed_at=at,
        analysed_by=by.user,
    )
    tell_journal("analyse", "local_action", row.pk, by)
    return row


@transaction.atomic
def arbitrate(*, action: UUID, said: Arbitration, by: Member, at: datetime) -> LocalAction:
    """Note what the national level decided. Raises as `analyse`, `Refused` at `arbiter`, `day`, `why`."""
    known, row = open_action(action, by)
    check(
        [
            *text_faults({"arbiter": said.arbiter}, known.id, by, longest=200, needed=("arbiter",)),
            *text_faults({"why": said.why}, known.id, by, longest=LONGEST_WORD, needed=("why",)),
            not_in_the_future(said.day, day_of(known.row, at), "day"),
        ]
    )
    move(
        row,
        TRANSITIONS,
        "keep" if said.is_kept else "refuse",
        arbiter=said.arbiter.strip(),
        arbitrated_on=said.day,
        why=said.why.strip(),
        arbitrated_by=by.user,
    )
    tell_journal("arbitrate", "local_action", row.pk, by)
    return row


@transaction.atomic
def roll_out(*, action: UUID, rollout: str, day: date, by: Member, at: datetime) -> LocalAction:
    """Note where and since when what was kept is rolled out. Raises as `analyse`, `Refused` at `rollout`, `day`."""
    known, row = open_action(action, by)
    check(
        [
            *text_faults({"rollout": rollout}, known.id, by, longest=LONGEST_WORD, needed=("rollout",)),
            not_in_the_future(day, day_of(known.row, at), "day"),
        ]
    )
    move(row, TRANSITIONS, "roll_out", rollout=rollout.strip(), rolled_out_on=day, rolled_out_by=by.user)
    tell_journal("roll_out", "local_action", row.pk, by)
    return row


def open_action(action: UUID, by: Member) -> tuple[LoadedConvention, LocalAction]:
    """The convention, locked, and the action as it is then. Raises LocalAction.DoesNotExist, PermissionDenied."""
    row = LocalAction.objects.select_related("convention").get(pk=action)
    known = open_signed(row.convention, by)
    row.refresh_from_db()
    return known, row
