"""Opening, keeping and closing an organisation's sheet: the operator's, the directory's manager's, its administrator's acts."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Q

from maillage.audit.actions import record
from maillage.core.refusals import Fault, Refused, check
from maillage.core.text import sort_key
from maillage.organisations.addresses import is_address
from maillage.organisations.base import Organisation
from maillage.organisations.directory.imports.lines import Entry
from maillage.organisations.directory.imports.matching import as_new
from maillage.organisations.directory.models import Mailbox, Offer
from maillage.organisations.directory.policies import can_close, can_keep_sheet, can_manage_directory
from maillage.organisations.directory.rules import reason_fault, sheet_faults, territory_fault, zone_named
from maillage.organisations.member import Member
from maillage.organisations.territories import commune as commune_of


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is said of a new organisation. Without a time zone, that of its département, else Paris."""

    kind: str
    name: str
    short_name: str
    siret: str
    departement: str = ""
    time_zone: str = ""
    mailbox: str = ""


def open_organisation(*, sheet: Sheet, by: UUID | None, using: str) -> Organisation:
    """Enter a body in the directory; `by` is None for the operator. Raises Refused at the sheet's fields.

    Its key pair is made by the caller, in the same transaction: keys live in a room above this one.
    """
    faults = sheet_faults(
        kind=sheet.kind,
        name=sheet.name,
        short_name=sheet.short_name,
        siret=sheet.siret,
        departement=sheet.departement,
        time_zone=sheet.time_zone,
    )
    check([*faults, _mailbox_fault(sheet.mailbox)])
    with transaction.atomic(using=using):
        known = Organisation.objects.using(using).filter(Q(siret=sheet.siret) | Q(name=sheet.name)).first()
        if known is not None:
            field, what = ("siret", "SIRET") if known.siret == sheet.siret else ("name", "nom")
            raise Refused(f"Ce {what} est déjà celui de « {known.name} » : rien n’a été changé.", field)
        zone = zone_named(sheet.departement)
        organisation = Organisation.objects.using(using).create(
            kind=sheet.kind,
            name=sheet.name,
            short_name=sheet.short_name,
            sort_name=sort_key(sheet.name),
            siret=sheet.siret,
            departement=sheet.departement,
            time_zone=sheet.time_zone or (zone.key if zone else "Europe/Paris"),
            mailbox=sheet.mailbox,
        )
        record(
            verb="organisation.open",
            object_type="organisation",
            object_ref=organisation.id,
            by=by,
            organisation=organisation.id,
            using=using,
        )
    return organisation


@transaction.atomic
def open_body(*, new_id: UUID, entry: Entry, parent: UUID | None, by: Member) -> UUID:
    """Open one organisation, the directory's manager's act; the same form sent twice opens one. Raises Refused at the fields.

    Its keys are made by the background, which the page asks for.
    """
    if not can_manage_directory(by):
        raise Refused("Votre rôle ne permet pas d’ouvrir un organisme.")
    if Organisation.objects.filter(pk=new_id).exists():
        return new_id
    check([_known_fault(entry), _mailbox_fault(entry.mailbox), territory_fault(entry.territory)])
    row = as_new(entry, new_id=new_id, parent=parent).row()
    with connection.cursor() as cursor:
        cursor.execute("SELECT organisations_enter_bodies(%s)", [json.dumps([row])])
    _record("organisation.open", new_id, by)
    return new_id


def _known_fault(entry: Entry) -> Fault | None:
    """Whether the directory already has it, by what it is known by."""
    same = Organisation.objects.filter(kind=entry.kind)
    if entry.siret and (known := Organisation.objects.filter(siret=entry.siret).first()) is not None:
        return Fault(f"Ce SIRET est déjà celui de « {known.name} ».", "siret")
    if entry.code and (known := same.filter(code=entry.code).first()) is not None:
        return Fault(f"Ce code est déjà celui de « {known.name} ».", "code")
    named = same.filter(sort_name=entry.sort_name, departement=entry.departement).first()
    if named is not None and not (entry.siret and named.siret):
        return Fault(
            "Un organisme de ce nom, de cette nature et de ce département est déjà dans l’annuaire.", "name"
        )
    return None


@dataclass(frozen=True, slots=True)
class OwnSheet:
    """What an organisation's administrator keeps of its sheet; who it is stays."""

    address: str
    commune: str
    phone: str
    mailbox: str
    territory: tuple[str, ...]


@transaction.atomic
def change_sheet(*, organisation: Organisation, sheet: OwnSheet, by: Member, at: datetime) -> None:
    """Change one's own sheet, which is thereby assured. Raises Refused at the fields."""
    _check_keeper(by, organisation.pk)
    unknown = sheet.commune and commune_of(sheet.commune) is None
    check(
        [
            _mailbox_fault(sheet.mailbox),
            territory_fault(sheet.territory),
            Fault("Cette commune n’existe pas.", "commune") if unknown else None,
        ]
    )
    organisation.address, organisation.commune = sheet.address, sheet.commune
    organisation.phone, organisation.mailbox = sheet.phone, sheet.mailbox
    organisation.territory = list(sheet.territory)
    organisation.assured_on, organisation.assured_by_id = day_of(organisation, at), by.user
    organisation.save(
        update_fields=["address", "commune", "phone", "mailbox", "territory", "assured_on", "assured_by"]
    )
    _record("organisation.change_sheet", organisation.pk, by)


@transaction.atomic
def assure_sheet(*, organisation: Organisation, by: Member, at: datetime) -> None:
    """Say that the whole sheet is right today: the organisation, its offers and its mailboxes. Raises Refused."""
    _check_keeper(by, organisation.pk)
    day = day_of(organisation, at)
    Organisation.objects.filter(pk=organisation.pk).update(assured_on=day, assured_by=by.user)
    for model in (Offer, Mailbox):
        model.objects.filter(organisation=organisation, withdrawn_on=None).update(
            assured_on=day, assured_by=by.user
        )
    _record("organisation.assure", organisation.pk, by)


@transaction.atomic
def close_organisation(
    *,
    organisation: Organisation,
    on: date,
    successor: UUID | None,
    remains: int,
    confirmed: int,
    by: Member,
    at: datetime,
) -> None:
    """Close an organisation from a day on: its members act no more, flows to it close, a successor may be named.

    `remains` is what it still has under way, `confirmed` what whoever closes was shown: without a successor they must be equal
    (what remains is known to the rooms above). Raises Refused at `on`, `successor`, or as a whole.
    """
    if not can_close(by, organisation.pk):
        raise Refused("Votre rôle ne permet pas de fermer cet organisme.")
    today = day_of(organisation, at)
    check(
        [
            Fault("La fermeture ne peut pas être dans le passé.", "on") if on < today else None,
            Fault("Un organisme ne se remplace pas lui-même.", "successor")
            if successor == organisation.pk
            else None,
        ]
    )
    if remains and successor is None and confirmed != remains:
        raise Refused(
            "Des dossiers ou des conventions restent en cours : nommez un successeur, ou confirmez ce qui reste."
        )
    if successor is not None and not Organisation.objects.filter(pk=successor, closed_on=None).exists():
        raise Refused("Ce successeur n’est pas un organisme ouvert.", "successor")
    with connection.cursor() as cursor:
        cursor.execute("SELECT organisations_close(%s, %s, %s)", [organisation.pk, on, successor])
        if not cursor.fetchone()[0]:
            raise Refused("Cet organisme est déjà fermé.")
    _record("organisation.close", organisation.pk, by)


@transaction.atomic
def reopen_organisation(*, organisation: Organisation, reason: str, by: Member) -> date:
    """Open a closed organisation again, the directory's manager's act; the day on which it was, or was to be, closed.

    Neither places, nor invitations, nor a successor come back: its flows open at the next sweep of its conventions. Raises Refused
    at `reason`, or as a whole when it is open.
    """
    if not can_manage_directory(by):
        raise Refused("Votre rôle ne permet pas de rouvrir un organisme.")
    check([reason_fault(reason)])
    with connection.cursor() as cursor:
        cursor.execute("SELECT organisations_reopen(%s)", [organisation.pk])
        closed_on: date | None = cursor.fetchone()[0]
    if closed_on is None:
        raise Refused("Cet organisme est déjà ouvert.")
    _record("organisation.reopen", organisation.pk, by, reason=" ".join(reason.split()))
    return closed_on


def day_of(organisation: Organisation, at: datetime) -> date:
    """The day that it is where the organisation is."""
    return at.astimezone(ZoneInfo(organisation.time_zone)).date()


def _check_keeper(by: Member, organisation: UUID) -> None:
    if not can_keep_sheet(by, organisation):
        raise Refused("Seul l’administrateur de cet organisme tient sa fiche.")


def _record(verb: str, organisation: UUID, by: Member, reason: str = "") -> None:
    record(
        verb=verb,
        object_type="organisation",
        object_ref=organisation,
        by=by.user,
        organisation=by.organisation,
        reason=reason,
    )


def _mailbox_fault(mailbox: str) -> Fault | None:
    if mailbox and not is_address(mailbox):
        return Fault(f"« {mailbox} » n’est pas une adresse électronique.", "mailbox")
    return None
