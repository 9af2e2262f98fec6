"""Asking the parties that a text names before data go to somebody else (S2, S4 annexe 1-4)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from maillage.conventions.lifecycle.loaded import LoadedConvention, PartyRow
from maillage.conventions.lifecycle.queries import load_all
from maillage.conventions.lifecycle.queries import visible_to as conventions_visible_to
from maillage.conventions.lifecycle.recording import day_of, new_row, own_id
from maillage.conventions.lifecycle.states import State as ConventionState
from maillage.conventions.terms.protection import ProtectionRegime
from maillage.core.refusals import Fault, Refused, check
from maillage.documents.actions import Upload, store_upload
from maillage.organisations.member import Member
from maillage.protection.authorisations.models import TransferRequest
from maillage.protection.authorisations.notifications import tell
from maillage.protection.authorisations.rules import (
    LONGEST_COUNTRY,
    LONGEST_NAME,
    Authority,
    Kind,
    authority,
    country_fault,
    regimes,
    starts_fault,
)
from maillage.protection.authorisations.saying import tell_journal
from maillage.protection.breaches.saying import text_faults
from maillage.protection.policies import can_follow

BINDING = (ConventionState.SIGNED.value, ConventionState.IN_FORCE.value)
"""States of the conventions under which one asks: an authorisation outlives none of them."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: under which scope of the text, which data go to which body, what for, from when, with which guarantees."""

    regime: str
    kind: str
    body: str
    country: str
    what: str
    purpose: str
    guarantees: str
    starts_on: date | None


def require_follower(by: Member) -> None:
    """Raise PermissionDenied for whoever does not follow authorisations."""
    if not can_follow(by):
        raise PermissionDenied("Votre rôle ne permet pas de suivre les autorisations.")


def askable(by: Member, at: datetime) -> list[LoadedConvention]:
    """The conventions that one's organisation signed and that last, whose text lets persons' data circulate."""
    rows = conventions_visible_to(by).filter(state__in=BINDING).order_by("sort_title", "id")
    return [
        known
        for known in load_all(rows)
        if known.mine is not None and known.mine.signs and regimes(known.readable(day_of(known.row, at)))
    ]  # fmt: skip


def who_authorises(
    known: LoadedConvention, regime: ProtectionRegime, kind: Kind, on: date
) -> tuple[Authority, tuple[PartyRow, ...]]:
    """What the text of that day says, and the organisations that it comes to, the acting one left out."""
    mine = known.mine
    found = authority(known.readable(on), regime, mine.key if mine else "", kind)
    own = mine.organisation if mine else None
    named = [known.party(key) for key in found.keys]
    parties = {one.organisation: one for one in named if one is not None and one.organisation != own}
    return found, tuple(parties.values())


@transaction.atomic
def ask(
    *, transfer_id: UUID, known: LoadedConvention, said: Asked, file: Upload | None, by: Member, at: datetime
) -> TransferRequest:
    """Ask; each party that authorises is told. The same `transfer_id` asks once.

    Raises PermissionDenied, Refused at `regime`, `kind`, `body`, `country`, `what`, `purpose`, `guarantees`, `starts_on`, `document`.
    """
    require_follower(by)
    if known.mine is None or not known.mine.signs:
        raise PermissionDenied("Votre organisme n’est pas partie à cette convention.")
    new, on = own_id(transfer_id, by), day_of(known.row, at)
    if (kept := TransferRequest.objects.filter(pk=new, organisation=by.organisation).first()) is not None:
        return kept
    if known.row.state not in BINDING:
        raise Refused(
            "Cette convention ne court pas : une autorisation dure aussi longtemps qu’elle, pas plus."
        )
    regime, starts_on = _checked(said, known, by, on)
    found, parties = who_authorises(known, regime, Kind.of(said.kind), on)
    if not parties:
        raise Refused("Aucune autre partie de cette convention ne peut autoriser.", "regime")
    document = None
    if file is not None:
        readers = [one.organisation for one in known.signatories]
        document = store_upload(file=file, organisation=by.organisation, readers=readers, by=by, at=at)
    with new_row():
        row = TransferRequest(
            id=new,
            convention=known.row,
            organisation_id=by.organisation,
            regime_key=regime.key,
            kind=said.kind,
            body=" ".join(said.body.split()),
            country=" ".join(said.country.split()),
            data=said.what.strip(),
            purpose=said.purpose.strip(),
            guarantees=said.guarantees.strip(),
            starts_on=starts_on,
            asked_of=[one.organisation for one in parties],
            article=found.article,
            blank=found.asked,
            document=document,
            recorded_at=at,
            recorded_by=by.user,
        )
        row.save(force_insert=True)
    tell_journal("ask", row.pk, by)
    tell("transfer_asked", row.pk, row.asked_of)
    return row


def _checked(said: Asked, known: LoadedConvention, by: Member, on: date) -> tuple[ProtectionRegime, date]:
    """The scope and the first day of what is asked. Raises Refused at each field that says too little or too much."""
    regime = next((one for one in regimes(known.readable(on)) if one.key == said.regime), None)
    texts = {"body": said.body, "what": said.what, "purpose": said.purpose, "guarantees": said.guarantees}
    check(
        [
            None if regime else Fault("Choisissez dans la liste.", "regime"),
            None if said.kind in set(Kind) else Fault("Choisissez dans la liste.", "kind"),
            *text_faults(texts, by=by, conventions=[known.id], needed=tuple(texts)),
            _too_long(said.body, LONGEST_NAME, "body"),
            country_fault(said.kind, said.country),
            _too_long(said.country, LONGEST_COUNTRY, "country"),
            *text_faults({"country": said.country}, by=by),
            starts_fault(said.starts_on, on),
        ]
    )
    assert regime is not None  # noqa: S101 - refused above
    assert said.starts_on is not None  # noqa: S101 - refused above
    return regime, said.starts_on


def _too_long(text: str, longest: int, field: str) -> Fault | None:
    return Fault(f"Écrivez {longest} caractères au plus.", field) if len(text.strip()) > longest else None
