"""Countersigning the certificate of a destruction: whoever watched over the data agrees that they are gone (H11)."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction

from maillage.audit.actions import record
from maillage.core.refusals import Refused
from maillage.documents.actions import content_of, store_made
from maillage.documents.formats.media import MediaType
from maillage.documents.sealing import SealFault, certificate_of, ensure_seal
from maillage.organisations.member import Member
from maillage.organisations.roles import ROLES, Role
from maillage.protection.destruction.certificate import countersigned, read
from maillage.protection.destruction.models import Destruction
from maillage.protection.destruction.policies import can_countersign


@transaction.atomic
def countersign(*, row: Destruction, by: Member, at: datetime) -> Destruction:
    """Put a second seal on the certificate, which says for whom. Raises PermissionDenied, Refused."""
    _require(by, row)
    row = Destruction.objects.select_for_update(of=("self",)).select_related("certificate").get(pk=row.pk)
    _require(by, row)
    former = row.certificate
    if former is None:
        raise Refused("Ce certificat n’est pas encore établi.")
    function = ", ".join(ROLES[Role(role)].label for role in sorted(by.roles))
    pem = ensure_seal(Path(settings.SEAL), at)
    content = b"".join(content_of(former))
    _see(content, row, certificate=certificate_of(pem))
    sealed = countersigned(content, pem=pem, by=by.organisation_name, function=function)
    document = store_made(
        sealed,
        MediaType.PDF,
        name=f"certificat-destruction-{str(row.pk)[-8:]}.pdf",
        organisation=by.organisation,
        readers=former.readers,
        by=by,
        at=at,
    )
    row.certificate, row.countersigned_at, row.countersigned_by = document, at, by.user
    row.save(update_fields=["certificate", "countersigned_at", "countersigned_by"])
    record(
        verb="destruction.countersign", object_type="destruction", object_ref=row.pk, by=by.user, organisation=by.organisation
    )  # fmt: skip
    return row


def _see(content: bytes, row: Destruction, *, certificate: bytes) -> None:
    """The platform seals nothing again but its own certificate of this very destruction. Raises Refused."""
    try:
        is_its_own = read(content, certificate=certificate).destruction == str(row.pk)
    except SealFault:
        is_its_own = False
    if not is_its_own:
        raise Refused(
            "Ce document n’est pas le certificat scellé de cette destruction : il ne se contresigne pas."
        )


def _require(by: Member, row: Destruction) -> None:
    """Asked before the row is locked and after: row security lets nobody else lock it, and of two clicks one comes second."""
    if not can_countersign(by, row):
        raise PermissionDenied("Ce certificat se contresigne une fois, par qui veille à ces données.")
