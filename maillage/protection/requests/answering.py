"""Answering for what one's organisation holds: given, refused with its ground, or nothing found; or telling that it takes longer."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from maillage.conventions.terms.protection import DataRight
from maillage.core.moves import move
from maillage.core.refusals import Fault, Refused, check
from maillage.organisations.member import Member
from maillage.protection.breaches.saying import text_faults
from maillage.protection.requests.deciding import note_all, require_found, said_of, undecided
from maillage.protection.requests.models import RequestFile, RightsRequest
from maillage.protection.requests.notifications import tell_moved
from maillage.protection.requests.queries import departement_of, parts_of
from maillage.protection.requests.receiving import day_of, require_follower, still_asked
from maillage.protection.requests.rules import Outcome, ended_as, extended_due_on, extension_fault, grounds
from maillage.protection.requests.saying import tell_journal
from maillage.protection.requests.states import TRANSITIONS


@transaction.atomic
def answer(*, file: RequestFile, by: Member, at: datetime) -> RequestFile:
    """Say that one's organisation answered her: with what it holds, or that it holds nothing; the same act for both.

    What is held is given by that very act; any other right is answered before (`deciding.decide`), unless nothing is hers.
    Of two who answer at once the second is told. Raises PermissionDenied, TransitionRefused, Refused for who is not recognised or was
    not looked for, or a right without an answer.
    """
    require_follower(by)
    still_asked(file)
    require_found(file)
    waiting = undecided(file)
    left = [right for right in waiting if file.holds and right is not DataRight.ACCESS]
    if left:
        raise Refused(f"Dites d’abord ce que vous répondez pour : {', '.join(one.label for one in left)}.")
    given = Outcome.GRANTED if file.holds else Outcome.NOTHING
    note_all(file=file, rights=waiting, outcome=given, by=by, at=at)
    return _ended(file, by, at)


def refusal_faults(ground: str, words: str, by: Member) -> list[Fault | None]:
    """All that is wrong with what is typed of a refusal, each at its field."""
    return [
        None if ground in set(grounds()) else Fault("Choisissez un motif.", "ground"),
        *text_faults({"words": words}, by=by, needed=("words",)),
    ]


@transaction.atomic
def refuse(*, file: RequestFile, ground: str, words: str, by: Member, at: datetime) -> RequestFile:
    """Refuse all that was not answered yet, with the ground of the law and why it applies; the letter says how to go to the CNIL.

    GDPR art. 12.4. A right that was granted before stays granted.

    Raises PermissionDenied, TransitionRefused once it is answered, Refused at `ground`, `words`.
    """
    require_follower(by)
    check(refusal_faults(ground, words, by))
    still_asked(file)
    note_all(
        file=file, rights=undecided(file), outcome=Outcome.REFUSED, ground=ground, words=words.strip(), by=by, at=at
    )  # fmt: skip
    return _ended(file, by, at)


def _ended(file: RequestFile, by: Member, at: datetime) -> RequestFile:
    """End the file as its answers say: refused where all are."""
    said = said_of(file)
    verb = ended_as(said)
    first = next((one for one in said if verb == "refuse"), None)
    why = {"ground": first.ground, "words": first.words} if first else {}
    move(file, TRANSITIONS, verb, ended_at=at, ended_by=by.user, **why)
    _told(file, by, "refuse" if verb == "refuse" else "answer")
    return file


@transaction.atomic
def extend(*, request: RightsRequest, reason: str, by: Member, at: datetime) -> RightsRequest:
    """Take two months more, for a reason that the person is told within the first one (GDPR art. 12.3).

    Raises PermissionDenied, TransitionRefused once one's organisation answered, Refused at `reason`.
    """
    require_follower(by)
    if request.organisation_id != by.organisation:
        raise PermissionDenied("Qui a reçu la demande prolonge son délai.")
    request.refresh_from_db(from_queryset=RightsRequest.objects.select_for_update())
    still_asked(RequestFile.objects.get(request=request, organisation=by.organisation))
    on = day_of(by, at)
    check(
        [
            extension_fault(on=on, first_due=request.due_on, extended=request.extended_on is not None),
            *text_faults({"reason": reason}, by=by, needed=("reason",)),
        ]
    )
    request.due_on = extended_due_on(request.received_on, departement_of(by))
    request.extended_on, request.extended_by, request.extension_reason = on, by.user, reason.strip()
    request.save(update_fields=["due_on", "extended_on", "extended_by", "extension_reason"])
    tell_journal("extend", request.pk, by)
    others = {one.organisation_id for one in parts_of(request)} - {by.organisation}
    tell_moved(request.pk, others, fact="extended")
    return request


def _told(file: RequestFile, by: Member, verb: str) -> None:
    tell_journal(verb, file.request_id, by)
    receiver = file.request.organisation_id
    if receiver != by.organisation:
        tell_moved(file.request_id, [receiver], fact=f"answered-{by.organisation}")
