"""Signing an avenant: by all parties, like the convention; the consolidated text follows from its effect date."""

from datetime import datetime

from django.db import transaction

from maillage.conventions.amendments.actions import check_holds, digest
from maillage.conventions.amendments.models import Amendment
from maillage.conventions.amendments.states import TRANSITIONS, AmendmentState
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.notifications import tell
from maillage.conventions.lifecycle.policies import BINDING
from maillage.conventions.lifecycle.recording import day_of, lock_and_load, own_id, require
from maillage.conventions.lifecycle.refreshing import refresh
from maillage.conventions.signatures.actions import (
    UNLIKE_ITS_HASH,
    Act,
    SignedText,
    check_deed,
    keep_signature,
    signing_party,
)
from maillage.conventions.signatures.models import Signature
from maillage.core.moves import move
from maillage.core.refusals import Refused
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission


@transaction.atomic
def sign_amendment(*, amendment: Amendment, act: Act, by: Member, at: datetime) -> SignedText:
    """Record a party's signature of an avenant; the last one makes it part of the text from its effect date, flows included.

    `act.seen_hash` is the avenant's. Raises `Refused` as `signatures.actions.sign`.
    """
    require(by.may(Permission.SIGN_CONVENTIONS))
    known = lock_and_load(amendment.convention)
    row = Amendment.objects.select_for_update().get(pk=amendment.pk, convention=known.row)
    again = Signature.objects.filter(pk=own_id(act.signature_id, by), amendment=row).first()
    if again is not None:
        return SignedText(again, row.state == AmendmentState.SIGNED, _awaited(known, row))
    party = signing_party(known, act)
    if known.row.state not in BINDING:
        raise Refused("Cette convention a pris fin : son texte ne change plus.")
    if row.state not in (AmendmentState.PROPOSED, AmendmentState.PARTLY_SIGNED):
        raise Refused("Cet avenant n’est pas proposé à la signature.")
    if act.seen_hash != row.content_hash:
        raise Refused("L’avenant a changé pendant que vous le lisiez : relisez-le avant de signer.")
    if digest(known, row.number, row.title, row.changes, row.effect_on) != row.content_hash:
        raise Refused(UNLIKE_ITS_HASH)
    if party.key not in _awaited(known, row):
        raise Refused("Cette partie a déjà signé cet avenant.", "party")
    check_holds(known, row)
    check_deed(known, act, party, by=by, at=at, written_on=day_of(known.row, row.written_at))
    signature = keep_signature(known, act, party, by=by, at=at, amendment=row.pk)
    awaited = tuple(key for key in _awaited(known, row) if key != party.key)
    move(row, TRANSITIONS, "sign" if awaited else "sign_last")
    others = [one.organisation for one in known.signatories if one.organisation != by.organisation]
    tell(
        "convention_amendment_signature",
        convention=known.id,
        to=others,
        fact=signature.pk,
        on=day_of(known.row, at),
    )
    if not awaited:
        refresh(known.row, day_of(known.row, at))
    return SignedText(signature, not awaited, awaited)


def _awaited(known: LoadedConvention, amendment: Amendment) -> tuple[str, ...]:
    signed = set(
        Signature.objects.filter(amendment=amendment, voided_at=None).values_list("party_key", flat=True)
    )
    return tuple(party.key for party in known.signatories if party.key not in signed)
