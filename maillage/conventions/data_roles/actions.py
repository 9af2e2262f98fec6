"""Starting a flow although nobody has said who answers for its data: each party accepts it in writing, and may withdraw."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from maillage.audit.actions import record
from maillage.conventions.data_roles.models import FlowAcceptance
from maillage.conventions.data_roles.policies import can_accept_for, can_withdraw
from maillage.conventions.data_roles.queries import acceptances, protecting_here, standing_of
from maillage.conventions.data_roles.rules import FlowStanding, Standing
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.notifications import tell
from maillage.conventions.lifecycle.policies import BINDING
from maillage.conventions.lifecycle.recording import day_of, lock_and_load, new_row, not_in_the_future, own_id
from maillage.conventions.lifecycle.refreshing import refresh
from maillage.conventions.lifecycle.telling import document_fault, note_fault
from maillage.core.calendar import french
from maillage.core.refusals import Fault, Refused, check
from maillage.organisations.member import Member

IN_WRITING: Final = "Dites pourquoi ce flux commence sans les rôles, ou joignez l’accord écrit."
_REFUSED: Final = {
    Standing.SAID: "Les rôles de ce flux sont renseignés : il n’y a rien à accepter.",
    Standing.ELSEWHERE: "Ce flux ne passe pas par Maillage : il n’y a rien à ouvrir ici.",
}


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a form says: `acceptance_id` was made when it was shown; `party` is one's own when empty."""

    acceptance_id: UUID
    given_on: date
    reason: str = ""
    document: UUID | None = None
    party: str = ""


@transaction.atomic
def accept_start(
    *, convention: Convention, flow: str, accepted: Accepted, by: Member, at: datetime
) -> FlowAcceptance:
    """Write that a party accepts; the flow opens at once when both have. Of two people who accept for one party, one is refused.

    Raises PermissionDenied, and Refused as a whole or at `party`, `given_on`, `reason`, `document`.
    """
    known = lock_and_load(convention)
    kept = FlowAcceptance.objects.filter(pk=own_id(accepted.acceptance_id, by), convention=known.row).first()
    if kept is not None:
        return kept
    on = day_of(known.row, at)
    _must_bind(known)
    party = accepted.party or (known.mine.key if known.mine else "")
    if not can_accept_for(by, known, party, protecting_here(known)):
        raise PermissionDenied("L’accord d’une partie est donné par son délégué à la protection des données.")
    _check_flow(known, flow, party, on)
    own = known.mine is not None and party == known.mine.key
    _check_writing(accepted, on, own=own)
    body = known.party(party)
    assert body is not None  # noqa: S101 - the policy knows the party
    with new_row():
        row = FlowAcceptance.objects.create(
            id=own_id(accepted.acceptance_id, by),
            convention=known.row,
            flow_key=flow,
            organisation_id=body.organisation,
            party_key=party,
            given_on=accepted.given_on,
            reason=accepted.reason.strip(),
            document_id=accepted.document,
            recorded_at=at,
            recorded_by=by.user,
            recorded_for_id=by.organisation,
        )
    _conclude(known, row, "convention.flow_accepted", "given", by=by, at=at)
    return row


@transaction.atomic
def withdraw_acceptance(
    *, convention: Convention, acceptance: UUID, day: date, why: str, by: Member, at: datetime
) -> FlowAcceptance:
    """Withdraw an acceptance: the flow closes at once, what was sent goes on. Withdrawn already, it stays as it was.

    Raises PermissionDenied, and Refused as a whole or at `day`, `why`.
    """
    known = lock_and_load(convention)
    row = FlowAcceptance.objects.select_for_update().filter(pk=acceptance, convention=known.row).first()
    if row is None:
        raise PermissionDenied("Cet accord n’est pas de votre organisme.")
    if row.withdrawn_at is not None:
        raise Refused("Cet accord est déjà retiré.")
    _must_bind(known)
    if not can_withdraw(by, known, row, protecting_here(known)):
        raise PermissionDenied(
            "Cet accord n’est pas de votre organisme, ou votre rôle ne permet pas de le retirer."
        )
    early = (
        Fault(f"L’accord a été donné le {french(row.given_on)} : il ne se retire pas avant.", "day")
        if day < row.given_on
        else None
    )
    empty = None if why.strip() else Fault("Dites pourquoi : un accord retiré reste lisible.", "why")
    check([not_in_the_future(day, day_of(known.row, at), "day"), early, empty, note_fault(why, "why")])
    row.withdrawn_on, row.withdrawn_why = day, why.strip()
    row.withdrawn_at, row.withdrawn_by = at, by.user
    row.save(update_fields=["withdrawn_on", "withdrawn_why", "withdrawn_at", "withdrawn_by"])
    _conclude(known, row, "convention.flow_acceptance_withdrawn", "withdrawn", by=by, at=at)
    return row


def _must_bind(known: LoadedConvention) -> None:
    if known.row.state not in BINDING:
        raise Refused(
            "Cette convention a pris fin : plus rien ne s’ouvre."
            if known.row.state == "ended"
            else "Cette convention n’est pas encore signée par toutes les parties."
        )


def _check_flow(known: LoadedConvention, flow: str, party: str, on: date) -> None:
    one: FlowStanding | None = next(
        (
            found
            for found in standing_of(known, known.terms(on), acceptances([known.id]), on=on)
            if found.key == flow
        ),
        None,
    )
    if one is None:
        raise Refused("Ce flux n’est pas dans la convention.")
    if one.standing in _REFUSED:
        raise Refused(_REFUSED[one.standing])
    if party not in one.parties:
        raise Refused("Cette partie n’est pas de ce flux.", "party")
    if party in one.accepted:
        raise Refused("L’accord de cette partie est déjà enregistré pour ce flux.", "party")


def _check_writing(accepted: Accepted, on: date, *, own: bool) -> None:
    needed = "" if accepted.reason.strip() else IN_WRITING
    if not own:
        needed = "L’accord d’une autre partie s’enregistre avec son document : joignez-le."
    check(
        [
            not_in_the_future(accepted.given_on, on, "given_on"),
            note_fault(accepted.reason, "reason"),
            document_fault(accepted.document, needed=needed),
        ]
    )


def _conclude(
    known: LoadedConvention, row: FlowAcceptance, verb: str, what: str, *, by: Member, at: datetime
) -> None:
    on = day_of(known.row, at)
    record(
        verb=verb,
        object_type="flow_acceptance",
        object_ref=row.pk,
        by=by.user,
        organisation=by.organisation,
    )
    refresh(known.row, on)
    others = [party.organisation for party in known.signatories if party.organisation != by.organisation]
    tell("convention_fact", convention=known.id, to=others, fact=f"{row.pk}:{what}", on=on)
