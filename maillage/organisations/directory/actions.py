"""Opening an organisation: the operator's so far, who runs as the owner with nobody signed in."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from maillage.audit.actions import record
from maillage.core.refusals import Fault, Refused, check
from maillage.core.text import sort_key
from maillage.organisations.addresses import is_address
from maillage.organisations.base import Organisation
from maillage.organisations.directory.rules import sheet_faults, zone_named


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


def _mailbox_fault(mailbox: str) -> Fault | None:
    if mailbox and not is_address(mailbox):
        return Fault(f"« {mailbox} » n’est pas une adresse électronique.", "mailbox")
    return None
