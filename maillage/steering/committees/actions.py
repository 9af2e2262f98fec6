"""Planning, convening, holding and cancelling a meeting. Each action: policy, check, change, journal, outbox."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID, uuid5

from django.db import transaction

from maillage.conventions.commitments.opening import open_signed
from maillage.conventions.commitments.queries import register
from maillage.conventions.commitments.showing import Noted, note_evidence
from maillage.conventions.lifecycle.holding import record_committee
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.recording import day_of, new_row, own_id, require
from maillage.core.calendar import french
from maillage.core.moves import move
from maillage.core.refusals import Fault, Refused, check
from maillage.organisations.member import Member
from maillage.steering.committees.agenda import agenda
from maillage.steering.committees.models import KINDS, Meeting
from maillage.steering.committees.notifications import tell_members
from maillage.steering.committees.opening import clause_of, must_be_in, open_meeting
from maillage.steering.committees.packing import freeze
from maillage.steering.committees.policies import can_convene
from maillage.steering.committees.rules import LONGEST_PLACE, LONGEST_WORD
from maillage.steering.committees.states import TRANSITIONS, State
from maillage.steering.saying import tell_journal, text_faults

_CONVENERS: Final = "Le texte confie la convocation à une autre partie."


@dataclass(frozen=True, slots=True)
class Planned:
    """What a form says of a meeting to come: `meeting_id` was made when it was shown; `committee` is the key of a clause."""

    meeting_id: UUID
    committee: str
    planned_on: date
    kind: str = "regular"
    inside: str = ""
    needed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Convened:
    """When and where; `with_pack`: the file is frozen with the convocation."""

    starts_at: datetime
    place: str = ""
    link: str = ""
    inside: str = ""
    with_pack: bool = False


@transaction.atomic
def plan(*, convention: Convention, said: Planned, by: Member, at: datetime) -> Meeting:
    """Plan a meeting of a committee of the text. Its quorum is every member party, unless `needed` names some of them.

    Raises PermissionDenied, `Refused` at `committee`, `kind`, `planned_on`, `needed`, `inside`.
    """
    known = open_signed(convention, by)
    new = own_id(said.meeting_id, by)
    if (kept := Meeting.objects.filter(pk=new, convention=known.row).first()) is not None:
        return kept
    on = day_of(known.row, at)
    clause = clause_of(known, said.committee, on)
    if clause is None:
        raise Refused("Choisissez un comité du texte.", "committee")
    require(can_convene(by, known, clause), _CONVENERS)
    members = members_of(known, clause.members)
    early = said.planned_on < (known.facts(on).starts or on)
    check(
        [
            None if said.kind in KINDS else Fault("Choisissez la nature de la réunion.", "kind"),
            Fault("La convention n’a pas encore pris effet ce jour-là.", "planned_on") if early else None,
            None
            if set(said.needed) <= set(members)
            else Fault("Choisissez parmi les parties membres.", "needed"),
            *text_faults({"inside": said.inside}, known.id, by, longest=LONGEST_PLACE),
        ]
    )
    needed = [key for key in members if key in said.needed] or members
    with new_row():
        row = Meeting.objects.create(
            id=new,
            convention=known.row,
            committee_key=clause.key,
            name=clause.name[:200],
            kind=said.kind,
            members=members,
            needed=needed,
            planned_on=said.planned_on,
            inside=said.inside.strip(),
            planned_at=at,
            planned_by=by.user,
        )
    tell_journal("plan", "meeting", row.pk, by)
    tell_members("committee_planned", known, row, "planned", by=by, at=at)
    return row


def members_of(known: LoadedConvention, keys: tuple[str, ...]) -> list[str]:
    """The member parties that have a body here; every party where the clause names none."""
    parties = [party.key for party in known.signatories]
    return [key for key in parties if key in keys] or parties


@transaction.atomic
def convene(*, meeting: UUID, said: Convened, by: Member, at: datetime) -> Meeting:
    """Convene the members, or convene them again elsewhere or for another day; they are told by a reference and a link.

    Raises Meeting.DoesNotExist, PermissionDenied, TransitionRefused, `Refused` at `day`, `place`, `link`, `inside`.
    """
    known, row = open_meeting(meeting, by)
    require(can_convene(by, known, clause_of(known, row.committee_key, day_of(known.row, at))), _CONVENERS)
    nowhere = not said.place.strip() and not said.link.strip()
    check(
        [
            Fault("Choisissez un jour et une heure à venir.", "day") if said.starts_at <= at else None,
            Fault("Indiquez un lieu, ou un lien pour se réunir à distance.", "place") if nowhere else None,
            *text_faults({"place": said.place, "inside": said.inside}, known.id, by, longest=LONGEST_PLACE),
        ]
    )
    again = row.state == State.CONVENED
    move(
        row,
        TRANSITIONS,
        "convene_again" if again else "convene",
        starts_at=said.starts_at,
        planned_on=said.starts_at.astimezone(known.zone).date(),
        place=said.place.strip(),
        link=said.link.strip(),
        inside=said.inside.strip(),
        convened_at=at,
        convened_by=by.user,
        convocations=row.convocations + 1,
    )
    tell_journal("convene", "meeting", row.pk, by)
    tell_members("committee_convened", known, row, f"convened-{row.convocations}", by=by, at=at)
    if said.with_pack:
        freeze(known=known, row=row, occasion="convened", by=by, at=at)
    return row


@transaction.atomic
def cancel(*, meeting: UUID, reason: str, by: Member, at: datetime) -> Meeting:
    """Cancel a meeting that was not held, and say why. Raises as `convene`, `Refused` at `reason`."""
    known, row = open_meeting(meeting, by)
    require(can_convene(by, known, clause_of(known, row.committee_key, day_of(known.row, at))), _CONVENERS)
    check(text_faults({"reason": reason}, known.id, by, longest=LONGEST_WORD, needed=("reason",)))
    move(row, TRANSITIONS, "cancel", reason=reason.strip(), cancelled_at=at, cancelled_by=by.user)
    tell_journal("cancel", "meeting", row.pk, by)
    tell_members("committee_cancelled", known, row, "cancelled", by=by, at=at)
    return row


@transaction.atomic
def hold(
    *,
    meeting: UUID,
    presence: Mapping[str, str],
    by: Member,
    at: datetime,
    shows: tuple[str, ...] = (),
    with_pack: bool = True,
) -> Meeting:
    """Note that the meeting was held: who was represented, by which function; its agenda is frozen, its file too if asked for.

    The fact goes to the history of the convention. `shows` are the commitments of one's own organisation that the meeting
    shows to be kept. Without quorum it is held all the same, and its decisions are to be confirmed.

    Raises Meeting.DoesNotExist, PermissionDenied, TransitionRefused, `Refused` at `presence` or `shows`.
    """
    known, row = open_meeting(meeting, by)
    must_be_in(row, (State.CONVENED,))
    check([*_presence_faults(known, row, presence, by, at), _unowed(known, shows, at)])
    day = row.starts_at.astimezone(known.zone).date() if row.starts_at else row.planned_on
    points = agenda(known, row, by, on=day_of(known.row, at))
    move(
        row,
        TRANSITIONS,
        "hold",
        held_at=at,
        held_by=by.user,
        presence={key: said.strip() for key, said in presence.items()},
        agenda=[point.as_data() for point in points],
    )
    _tell_convention(known, row, day, shows, by=by, at=at)
    tell_journal("hold", "meeting", row.pk, by)
    tell_members("committee_held", known, row, "held", by=by, at=at)
    if with_pack:
        freeze(known=known, row=row, occasion="held", by=by, at=at)
    return row


def _presence_faults(
    known: LoadedConvention, row: Meeting, presence: Mapping[str, str], by: Member, at: datetime
) -> list[Fault | None]:
    if row.starts_at is not None and row.starts_at > at:
        raise Refused("La réunion n’a pas commencé : notez-la une fois qu’elle s’est tenue.")
    unknown = set(presence) - {party.key for party in known.signatories}
    return [
        None if presence else Fault("Cochez au moins une partie représentée.", "presence"),
        Fault("Choisissez parmi les parties de la convention.", "presence") if unknown else None,
        *text_faults({f"presence_{key}": said for key, said in presence.items()}, known.id, by, longest=200),
    ]


def _unowed(known: LoadedConvention, shows: tuple[str, ...], at: datetime) -> Fault | None:
    mine = known.mine.key if known.mine else ""
    owed = {
        one.clause.key for one in register(known, day_of(known.row, at)) if mine in one.clause.debtors
    } if shows else set()  # fmt: skip
    return (
        None if set(shows) <= owed else Fault("Choisissez parmi les engagements de votre organisme.", "shows")
    )


def _tell_convention(
    known: LoadedConvention, row: Meeting, day: date, shows: tuple[str, ...], *, by: Member, at: datetime
) -> None:
    """The fact in the history of the convention, and the proof of each commitment that the meeting keeps."""
    note = f"{row.name} du {french(day)}" + (", bilan final" if row.kind == "final" else "")
    if clause_of(known, row.committee_key, day) is not None:
        record_committee(
            convention=known.row, committee=row.committee_key, day=day, note=note, by=by, at=at,
            fact_id=uuid5(row.pk, "held"),
        )  # fmt: skip
    for key in shows:
        said = Noted(uuid5(row.pk, key), day, note=f"Réunion tenue : {note}")
        note_evidence(convention=known.row, commitment=key, noted=said, by=by, at=at)
