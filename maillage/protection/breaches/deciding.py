"""What the controllers decide together: proposed by one, agreed by all, then closed (S2 annexe 1-8, S3 art. 6, GDPR art. 33 and 34)."""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from maillage.conventions.lifecycle.recording import new_row, own_id
from maillage.core.identifiers import uuid7
from maillage.core.moves import move
from maillage.core.refusals import Refused, check
from maillage.core.states import TransitionRefused
from maillage.organisations.member import Member
from maillage.protection.breaches.following import require_follower, signed
from maillage.protection.breaches.models import Breach, BreachDecision, BreachEntry
from maillage.protection.breaches.notifications import tell_moved
from maillage.protection.breaches.queries import (
    FileParty,
    agreed_to,
    controllers_left,
    conventions_of,
    decisions_of,
    entries_of,
    extents_of,
    files_of,
    last_known,
    parties_of,
    waiting_for,
)
from maillage.protection.breaches.rules import Decision, EntryKind, decision_faults, missing
from maillage.protection.breaches.saying import tell_journal, text_faults
from maillage.protection.breaches.states import TRANSITIONS, State


@dataclass(frozen=True, slots=True)
class Words:
    """What is said with a decision, each « » where it does not apply."""

    reason: str = ""
    consequences: str = ""
    measures: str = ""
    authority_reason: str = ""
    persons_reason: str = ""


@transaction.atomic
def propose(
    *, breach: Breach, decision_id: UUID, said: Decision, words: Words, by: Member, at: datetime
) -> BreachDecision:
    """Propose what follows; whoever proposes agrees. It holds once all who decide agreed.

    Raises PermissionDenied, TransitionRefused, Refused at the field of what is missing.
    """
    parties = _deciding(breach, by)
    new = own_id(decision_id, by)
    if (kept := BreachDecision.objects.filter(pk=new, breach=breach).first()) is not None:
        return kept
    texts = {field: text.strip() for field, text in asdict(words).items()}
    check(
        [
            *decision_faults(said, texts),
            *text_faults(texts, by=by, conventions=conventions_of(files_of(breach))),
        ]
    )
    _open(breach)
    last = breach.decisions.order_by("-number").values_list("number", flat=True).first() or 0
    with new_row():
        row = BreachDecision(
            id=new,
            breach=breach,
            number=last + 1,
            is_breach=said.is_breach,
            tells_authority=said.tells_authority,
            tells_persons=said.tells_persons,
            **_kept(said, texts),
            **signed(by, at),
        )
        row.save(force_insert=True)
    tell_journal("propose", breach.pk, by)
    _agree(breach, row, parties, by, at)
    return row


@transaction.atomic
def agree(*, decision: BreachDecision, by: Member, at: datetime) -> None:
    """Agree for one's organisation to the newest decision. Raises PermissionDenied, Refused, TransitionRefused."""
    breach = decision.breach
    parties = _deciding(breach, by)
    _open(breach)
    if decisions_of(breach)[0].pk != decision.pk:
        raise Refused("Une autre décision vient d’être proposée : relisez-la.")
    if by.organisation in agreed_to(decision):
        return
    tell_journal("agree", breach.pk, by)
    _agree(breach, decision, parties, by, at)


@transaction.atomic
def close(*, breach: Breach, lessons: str, by: Member, at: datetime) -> Breach:
    """Close a breach, with what it teaches, once all that was decided is done.

    Raises PermissionDenied, TransitionRefused, Refused at `lessons`.
    """
    parties = _deciding(breach, by)
    touched = conventions_of(files_of(breach))
    check(text_faults({"lessons": lessons}, by=by, conventions=touched, needed=("lessons",)))
    _open(breach)
    if said := left_before_closing(breach, parties):
        raise Refused(said)
    move(breach, TRANSITIONS, "close", lessons=lessons.strip(), ended_at=at, ended_by=by.user)
    tell_journal("close", breach.pk, by)
    tell_moved(breach.pk, _others(parties, by), fact="closed")
    return breach


def left_before_closing(breach: Breach, parties: list[FileParty]) -> str:
    """Why a file cannot be closed yet: what is to be decided, agreed to or done first; empty where nothing is left."""
    decisions = decisions_of(breach)
    if not decisions:
        return "Rien n’est encore décidé : un dossier se clôt une fois la suite décidée, et ce qui est décidé fait."
    newest = decisions[0]
    if waits := waiting_for([newest])[newest.pk]:
        return f"La décision {newest.number} attend encore l’accord de : {', '.join(waits)}."
    if not newest.is_breach:
        return "La suspicion est écartée : ce dossier n’a pas à être clos, il reste au registre tel quel."
    held = Decision(newest.is_breach, newest.tells_authority, newest.tells_persons)
    entries = entries_of(files_of(breach))
    unfiled = [one.name for one in controllers_left(breach, parties, entries)]
    goes_on = last_known(breach, extents_of(breach)).goes_on
    left = missing(held, (one.kind for one in entries), unfiled, goes_on=goes_on)
    return f"Il manque au dossier : {' et '.join(left)}." if left else ""


def _deciding(breach: Breach, by: Member) -> list[FileParty]:
    """Those in the file, for whoever decides in it. Raises PermissionDenied."""
    require_follower(by)
    parties = parties_of(breach.pk)
    if not any(one.decides and one.organisation == by.organisation for one in parties):
        raise PermissionDenied("La décision revient à qui répond du traitement.")
    return parties


def _open(breach: Breach) -> None:
    """The breach as it is now, locked. Raises TransitionRefused once it is closed or joined to another."""
    breach.refresh_from_db(from_queryset=Breach.objects.select_for_update())
    if breach.state == State.CLOSED or breach.joined_to_id is not None:
        raise TransitionRefused


def _agree(
    breach: Breach, decision: BreachDecision, parties: list[FileParty], by: Member, at: datetime
) -> None:
    """One more agreement; with the last one the decision holds, and the state follows."""
    BreachEntry(
        id=uuid7(), breach=breach, kind=EntryKind.AGREED, happened_at=at, decision=decision, **signed(by, at)
    ).save(force_insert=True)
    if _all_agreed(decision, parties):
        wanted = State.CONFIRMED if decision.is_breach else State.RULED_OUT
        if breach.state != wanted:
            move(breach, TRANSITIONS, "confirm" if decision.is_breach else "rule_out")
    tell_moved(breach.pk, _others(parties, by), fact=f"agreed-{decision.number}-{by.organisation}")


def _all_agreed(decision: BreachDecision, parties: list[FileParty]) -> bool:
    return {one.organisation for one in parties if one.decides} <= agreed_to(decision)


def _others(parties: list[FileParty], by: Member) -> list[UUID]:
    return [one.organisation for one in parties if one.organisation != by.organisation]


def _kept(said: Decision, texts: dict[str, str]) -> dict[str, str]:
    """The words that go with what is decided; those of the other answer are left out."""
    if not said.is_breach:
        return {"reason": texts["reason"]}
    return {
        "consequences": texts["consequences"],
        "measures": texts["measures"],
        "authority_reason": "" if said.tells_authority else texts["authority_reason"],
        "persons_reason": "" if said.tells_persons else texts["persons_reason"],
    }
