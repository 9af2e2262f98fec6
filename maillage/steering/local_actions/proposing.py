"""Proposing a local action to the national text above, and taking the proposal back: policy, check, change, journal."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from maillage.conventions.lifecycle.recording import new_row, own_id
from maillage.core.refusals import Fault, Refused, check
from maillage.organisations.member import Member
from maillage.steering.local_actions.actions import open_action
from maillage.steering.local_actions.models import LocalAction, Proposal
from maillage.steering.local_actions.rules import LONGEST_WORD, Theme
from maillage.steering.local_actions.states import PROPOSED
from maillage.steering.saying import tell_journal, text_faults

NOT_YET: Final = (
    "Une action se propose une fois analysée, si les parties trouvent qu’elle vaut d’être généralisée."
)
NO_TEXT_ABOVE: Final = (
    "Cette convention ne met en œuvre aucun texte national : il n’y a personne à qui proposer."
)
NO_TEXT: Final = "Choisissez un texte national que cette convention met en œuvre."


@dataclass(frozen=True, slots=True)
class Proposed:
    """What the parties say at the national level: to which text, under which theme, in which words."""

    framework: UUID
    theme: str
    title: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Above:
    """A national text that a convention implements."""

    id: UUID
    title: str


@dataclass(frozen=True, slots=True)
class Received:
    """A proposal as whoever holds the national text reads it; `body` made it, for its convention."""

    id: UUID
    theme: str
    title: str
    outcome: str
    state: str
    at: datetime
    body: str
    departement: str


def may_be_proposed(action: LocalAction) -> bool:
    """Whether its parties found it worth it, and no arbitration refused it."""
    return bool(action.worth) and action.state in PROPOSED


def texts_above(convention: UUID) -> list[Above]:
    """The national texts that a convention implements, for its parties. Raises ProgrammingError for anybody else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT framework, title FROM steering_texts_above(%s)", [convention])
        return [Above(*row) for row in cursor.fetchall()]


def received(framework: UUID) -> list[Received]:
    """What was proposed to a national text, the newest first, for whoever holds it. Raises ProgrammingError for anybody else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM steering_proposed(%s)", [framework])
        return [Received(*row) for row in cursor.fetchall()]


@transaction.atomic
def propose(*, action: UUID, proposal_id: UUID, said: Proposed, by: Member, at: datetime) -> Proposal:
    """Propose an action to a national text. The same id twice proposes it once.

    Raises LocalAction.DoesNotExist, PermissionDenied; Refused as a whole (too early, proposed already), at `framework`, `theme`,
    `title`, `outcome`.
    """
    known, row = open_action(action, by)
    new = own_id(proposal_id, by)
    if (kept := Proposal.objects.filter(pk=new, action=row).first()) is not None:
        return kept
    if not may_be_proposed(row):
        raise Refused(NOT_YET)
    if Proposal.objects.filter(action=row, withdrawn_at=None).exists():
        raise Refused("Cette action est déjà proposée au niveau national.")
    check(
        [
            None if said.framework in {one.id for one in texts_above(known.id)} else Fault(NO_TEXT, "framework"),
            None if said.theme in {theme.value for theme in Theme} else Fault("Choisissez un thème de la liste.", "theme"),
            *text_faults({"title": said.title}, known.id, by, longest=200, needed=("title",)),
            *text_faults({"outcome": said.outcome}, known.id, by, longest=LONGEST_WORD, needed=("outcome",)),
        ]
    )  # fmt: skip
    with new_row():
        made = Proposal.objects.create(
            id=new,
            convention=known.row,
            action=row,
            framework_id=said.framework,
            theme=said.theme,
            title=said.title.strip(),
            outcome=said.outcome.strip(),
            recorded_at=at,
            recorded_by=by.user,
            recorded_for_id=by.organisation,
        )
    tell_journal("propose", "local_action", row.pk, by)
    return made


@transaction.atomic
def take_back(*, action: UUID, by: Member, at: datetime) -> Proposal:
    """Nothing of an action is read at the national level any more. Raises LocalAction.DoesNotExist, PermissionDenied, Refused."""
    _, row = open_action(action, by)
    made = Proposal.objects.filter(action=row, withdrawn_at=None).first()
    if made is None or not Proposal.objects.filter(pk=made.pk, withdrawn_at=None).update(
        withdrawn_at=at, withdrawn_by=by.user
    ):
        raise Refused("Cette action n’est plus proposée au niveau national.")
    tell_journal("take_back", "local_action", row.pk, by)
    made.refresh_from_db()
    return made
