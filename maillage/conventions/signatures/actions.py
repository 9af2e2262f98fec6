"""Signing: a party signs the hash of the text that it has read; the last signature makes the convention binding."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from maillage.audit.actions import record
from maillage.conventions.lifecycle.loaded import LoadedConvention, PartyRow
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.notifications import tell
from maillage.conventions.lifecycle.policies import WRITABLE
from maillage.conventions.lifecycle.recording import day_of, lock_and_load, new_row, own_id, require
from maillage.conventions.lifecycle.refreshing import refresh
from maillage.conventions.lifecycle.relations import inform_framework
from maillage.conventions.lifecycle.states import TRANSITIONS, State
from maillage.conventions.signatures.models import Signature
from maillage.conventions.signatures.queries import signing_here
from maillage.conventions.signatures.rules import Deed, faults_of, printed_day, signs_itself
from maillage.conventions.terms import content_hash
from maillage.core.moves import move
from maillage.core.refusals import Fault, Refused, check
from maillage.documents.models import Document
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission

UNLIKE_ITS_HASH: Final = (
    "Le texte enregistré ne correspond pas à son empreinte : il ne peut pas être signé. "
    "Prévenez la partie qui rédige."
)


@dataclass(frozen=True, slots=True)
class Act:
    """What someone records of a signature. `seen_hash` is that of the text on the page that she read.

    `party` is her own organisation's when empty. `signature_id` was made when the form was shown.
    """

    signature_id: UUID
    seen_hash: str
    signed_on: date
    function: str
    party: str = ""
    by_delegation: bool = False
    delegation_document: UUID | None = None
    document: UUID | None = None


@dataclass(frozen=True, slots=True)
class SignedText:
    """The signature, and whether all parties have now signed."""

    signature: Signature
    complete: bool
    awaited: tuple[str, ...] = ()


@transaction.atomic
def sign(*, convention: Convention, act: Act, by: Member, at: datetime) -> SignedText:
    """Record a party's signature of the newest text. The last one makes it signed, in force from the day that it says.

    Of two people who sign for one party, the second is refused; the same form sent twice signs once. Raises `Refused` at
    `signed_on`, `function`, `party`, `document`, `delegation_document`, or for the whole form.
    """
    require(by.may(Permission.SIGN_CONVENTIONS))
    known = lock_and_load(convention)
    again = Signature.objects.filter(pk=own_id(act.signature_id, by), convention=known.row).first()
    if again is not None:
        return SignedText(again, known.row.state not in WRITABLE, _awaited(known))
    party = signing_party(known, act)
    waiting = _awaited(known)
    _check_moment(known, act, party, waiting)
    check_deed(known, act, party, by=by, at=at)
    signature = keep_signature(known, act, party, by=by, at=at)
    awaited = tuple(key for key in waiting if key != party.key)
    move(known.row, TRANSITIONS, "sign" if awaited else "sign_last")
    others = [one.organisation for one in known.signatories if one.organisation != by.organisation]
    tell("convention_signature", convention=known.id, to=others, fact=signature.id, on=day_of(known.row, at))
    if not awaited:
        on = day_of(known.row, at)
        Convention.objects.filter(pk=known.id).update(swept_on=on)
        known.row.swept_on = on
        refresh(known.row, on)
        inform_framework(convention=known.row, by=by, at=at)
    return SignedText(signature, not awaited, awaited)


def signing_party(known: LoadedConvention, act: Act) -> PartyRow:
    """The party that signs: one's own, or another of the same convention that has nobody here to sign. Raises `Refused` at `party`."""
    mine = known.mine
    require(mine is not None and mine.signs, "Votre organisme n’est pas partie à cette convention.")
    key = act.party or (mine.key if mine else "")
    party = known.party(key)
    if party is None:
        raise Refused("Choisissez l’une des parties.", "party")
    if mine is not None and party.key != mine.key and party.key in signing_here(known):
        raise Refused(signs_itself(party.short_name), "party")
    return party


def check_deed(
    known: LoadedConvention,
    act: Act,
    party: PartyRow,
    *,
    by: Member,
    at: datetime,
    written_on: date | None = None,
) -> None:
    """Raise `Refused` with everything wrong in what is said of the signature."""
    outside = bool(known.base.signatures) and written_on is None
    deed = Deed(
        signed_on=act.signed_on,
        function=act.function,
        by_delegation=act.by_delegation,
        has_delegation_document=act.delegation_document is not None,
        has_document=act.document is not None,
        own=party.organisation == by.organisation,
    )
    faults = faults_of(
        deed,
        written_on=written_on or day_of(known.row, known.written_at),
        printed=printed_day(known.base, party.key) if outside else None,
        outside=outside,
        on=day_of(known.row, at),
    )
    check([*faults, *_document_faults(act)])


def keep_signature(
    known: LoadedConvention,
    act: Act,
    party: PartyRow,
    *,
    by: Member,
    at: datetime,
    amendment: UUID | None = None,
) -> Signature:
    """Write the signature and its entry of the journal."""
    with new_row():
        signature = Signature.objects.create(
            id=own_id(act.signature_id, by),
            convention=known.row,
            amendment_id=amendment,
            organisation_id=party.organisation,
            party_key=party.key,
            content_hash=act.seen_hash,
            signed_on=act.signed_on,
            function=act.function.strip(),
            by_delegation=act.by_delegation,
            delegation_document_id=act.delegation_document if act.by_delegation else None,
            document_id=act.document,
            recorded_at=at,
            recorded_by=by.user,
            recorded_for_id=by.organisation,
        )
    record(
        verb="convention.sign",
        object_type="signature",
        object_ref=signature.id,
        by=by.user,
        organisation=by.organisation,
    )
    return signature


def _check_moment(known: LoadedConvention, act: Act, party: PartyRow, waiting: tuple[str, ...]) -> None:
    if known.row.state == State.DRAFT:
        raise Refused("Ce texte est un brouillon : la partie qui rédige doit d’abord le proposer.")
    if act.seen_hash != known.row.content_hash:
        raise Refused("Le texte a changé pendant que vous le lisiez : relisez-le avant de signer.")
    if content_hash(known.base) != known.row.content_hash:
        raise Refused(UNLIKE_ITS_HASH)
    if party.key not in waiting:
        raise Refused("Cette partie a déjà signé ce texte.", "party")


def _awaited(known: LoadedConvention) -> tuple[str, ...]:
    signed = set(
        Signature.objects.filter(convention=known.row, amendment=None, voided_at=None).values_list(
            "party_key", flat=True
        )
    )
    return tuple(party.key for party in known.signatories if party.key not in signed)


def _document_faults(act: Act) -> list[Fault | None]:
    """A document is named by its id: only one that the acting organisation may read counts, and the signed copy is a PDF."""
    wanted = {"document": act.document, "delegation_document": act.delegation_document}
    kinds = dict(
        Document.objects.filter(pk__in=[value for value in wanted.values() if value]).values_list(
            "id", "media_type"
        )
    )
    faults: list[Fault | None] = [
        Fault("Ce document n’est pas disponible : déposez-le à nouveau.", field)
        for field, value in wanted.items()
        if value is not None and value not in kinds
    ]
    if act.document in kinds and kinds[act.document] != "application/pdf":
        faults.append(Fault("Le document signé est un PDF.", "document"))
    return faults
