"""The box of a convention (S2 art. 4.1): what its parties write to each other, about nobody."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from maillage.beneficiaries.queries import names_followed
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.notifications import path, reference, tell
from maillage.conventions.lifecycle.recording import day_of, require
from maillage.core.refusals import Refused
from maillage.exchange import actions as exchange
from maillage.exchange.detector import Name
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission


def can_note(member: Member, known: LoadedConvention) -> bool:
    """Whoever reads conventions, for a party that signs: bodies that were only informed read the box."""
    return member.may(Permission.READ_CONVENTIONS) and known.mine is not None and known.mine.signs


def box_runs(known: LoadedConvention, at: datetime) -> bool:
    """Whether the convention is in force at an instant: its box stays readable afterwards."""
    during = known.row.in_force
    return known.row.state == "in_force" and during is not None and at in during


@transaction.atomic
def write_note(*, known: LoadedConvention, note_id: UUID, text: str, by: Member, at: datetime) -> bool:
    """Write to the other parties; they are told by a reference, once a day. False when this form was sent before.

    Raises PermissionDenied, Refused at `text`.
    """
    require(can_note(by, known), "Votre organisme n’est pas partie à cette convention.")
    if not box_runs(known, at):
        raise Refused("La convention n’est pas en vigueur : on n’écrit plus dans sa boîte.", "text")
    names = [Name(*name) for name in names_followed(by, known.id)]
    if not exchange.write_note(convention=known.id, note_id=note_id, text=text, names=names, by=by):
        return False
    on = day_of(known.row, at)
    others = [party.organisation for party in known.signatories if party.organisation != by.organisation]
    tell(
        "convention_note",
        convention=known.id,
        to=others,
        fact=f"{by.organisation}:{on.isoformat()}",
        on=on,
        named=(reference(known.id), f"{path(known.id)}boite/"),
    )
    return True
