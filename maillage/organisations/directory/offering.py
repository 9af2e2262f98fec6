"""What an organisation offers and where, and its generic mailboxes: kept by its administrator; withdrawn, never deleted."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar
from uuid import UUID

from django.db import transaction

from maillage.audit.actions import record
from maillage.core.refusals import Fault, Refused, check
from maillage.organisations.addresses import is_address
from maillage.organisations.base import Organisation
from maillage.organisations.directory.actions import day_of
from maillage.organisations.directory.models import Mailbox, Offer
from maillage.organisations.directory.policies import can_keep_sheet
from maillage.organisations.directory.rules import Level, Reception, Use, territory_fault
from maillage.organisations.member import Member

_SERVICE: Final = re.compile(r"[a-z0-9_]{1,40}")
_Kept = TypeVar("_Kept", Offer, Mailbox)


@dataclass(frozen=True, slots=True)
class OfferSheet:
    """One offer as a form gives it; `service` is a key of the catalogue, which lies in a room above."""

    service: str
    place: str
    reception: str
    address: str = ""
    commune: str = ""
    hours: str = ""
    phone: str = ""
    mailbox: str = ""
    bring: str = ""
    territory: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MailboxSheet:
    """One generic mailbox as a form gives it."""

    use: str
    level: str
    address: str
    label: str = ""
    territory: tuple[str, ...] = ()


@transaction.atomic
def keep_offer(*, offer_id: UUID, sheet: OfferSheet, by: Member, at: datetime) -> Offer:
    """Add or change an offer of one's own organisation; saying it assures it. Raises Refused at the fields."""
    known = _own(Offer, offer_id, by)
    check(
        [
            None if _SERVICE.fullmatch(sheet.service) else Fault("Choisissez un service.", "service"),
            None if sheet.reception in set(Reception) else Fault("Dites comment on est reçu.", "reception"),
            _address_fault(sheet.mailbox, "mailbox"),
            territory_fault(sheet.territory),
            None
            if sheet.address or sheet.phone or sheet.mailbox
            else Fault("Indiquez une adresse, un téléphone ou une adresse électronique.", "address"),
            Fault("Par téléphone : indiquez le numéro.", "phone")
            if sheet.reception == Reception.PHONE and not sheet.phone
            else None,
        ]
    )
    row = known or Offer(id=offer_id, organisation_id=by.organisation)
    for name in ("service", "place", "reception", "address", "commune", "hours", "phone", "mailbox", "bring"):
        setattr(row, name, getattr(sheet, name))
    return _saved(row, sheet.territory, "offer", by, at)


@transaction.atomic
def keep_mailbox(*, mailbox_id: UUID, sheet: MailboxSheet, by: Member, at: datetime) -> Mailbox:
    """Add or change a generic mailbox of one's own organisation. Raises Refused at the fields."""
    known = _own(Mailbox, mailbox_id, by)
    twin = Mailbox.objects.filter(
        organisation=by.organisation, use=sheet.use, address=sheet.address.lower(), withdrawn_on=None
    ).exclude(pk=mailbox_id)
    check(
        [
            None if sheet.use in set(Use) else Fault("Choisissez un usage.", "use"),
            None if sheet.level in set(Level) else Fault("Choisissez un niveau.", "level"),
            _address_fault(sheet.address, "address", needed=True),
            territory_fault(sheet.territory),
            Fault("Cette boîte est déjà donnée pour cet usage.", "address") if twin.exists() else None,
        ]
    )
    row = known or Mailbox(id=mailbox_id, organisation_id=by.organisation)
    row.use, row.level, row.address, row.label = sheet.use, sheet.level, sheet.address.lower(), sheet.label
    return _saved(row, sheet.territory, "mailbox", by, at)


@transaction.atomic
def withdraw(*, row: Offer | Mailbox, by: Member, at: datetime) -> None:
    """Take an offer or a mailbox of one's own off the directory; it stays in the history. Raises Refused."""
    if not can_keep_sheet(by, row.organisation_id):
        raise Refused("Seul l’administrateur de cet organisme tient sa fiche.")
    if row.withdrawn_on is not None:
        return
    row.withdrawn_on = day_of(row.organisation, at)
    row.save(update_fields=["withdrawn_on"])
    _record(f"directory.{row._meta.model_name}_withdraw", row, by)


def _own(model: type[_Kept], identifier: UUID, by: Member) -> _Kept | None:
    """The row of this id when it is one's own; None for a new one. Somebody else's is refused as a whole."""
    if not can_keep_sheet(by, by.organisation):
        raise Refused("Seul l’administrateur de cet organisme tient sa fiche.")
    row = model.objects.filter(pk=identifier).first()
    if row is not None and (row.organisation_id != by.organisation or row.withdrawn_on is not None):
        raise Refused("Cette ligne n’est plus à vous, ou a été retirée : la page a été rechargée.")
    return row


def _saved(row: _Kept, territory: tuple[str, ...], name: str, by: Member, at: datetime) -> _Kept:
    organisation = Organisation.objects.get(pk=by.organisation)
    row.territory = list(territory)
    row.assured_on, row.assured_by_id = day_of(organisation, at), by.user
    is_new = row._state.adding
    row.save()
    _record(f"directory.{name}_{'add' if is_new else 'change'}", row, by)
    return row


def _address_fault(address: str, field: str, *, needed: bool = False) -> Fault | None:
    if (address or needed) and not is_address(address):
        return Fault(f"« {address} » n’est pas une adresse électronique.", field)
    return None


def _record(verb: str, row: Offer | Mailbox, by: Member) -> None:
    record(
        verb=verb,
        object_type=str(row._meta.model_name),
        object_ref=row.pk,
        by=by.user,
        organisation=by.organisation,
    )
