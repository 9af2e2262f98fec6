"""Acknowledging what was told, telling otherwise whoever has nobody here, saying since when one knows, adding to the file, joining."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from maillage.conventions.lifecycle.recording import new_row, own_id
from maillage.core.refusals import Fault, Refused, check
from maillage.documents.actions import Upload, share_with, store_upload
from maillage.organisations.member import Member
from maillage.protection.breaches.models import Breach, BreachEntry, BreachNotice, BreachParty
from maillage.protection.breaches.notifications import tell_moved
from maillage.protection.breaches.queries import conventions_of, files_of, own_part, parties_of
from maillage.protection.breaches.rules import FILED, HAPPENED, EntryKind, is_late, noticed_fault
from maillage.protection.breaches.saying import tell_journal, text_faults
from maillage.protection.policies import can_follow

MEANS = {"phone": "par téléphone", "post": "par courrier", "hand": "en main propre"}


@dataclass(frozen=True, slots=True)
class Added:
    """One thing to add: what kind, when it happened, its words, and for a late notice to the authority the reason."""

    kind: EntryKind
    happened_at: datetime | None
    text: str
    late_reason: str = ""


@transaction.atomic
def acknowledge(*, breach: Breach, by: Member, at: datetime) -> int:
    """Say that one's organisation received what it was told; how many notices. Raises PermissionDenied."""
    require_follower(by)
    rows = BreachNotice.objects.filter(
        breach=breach, addressee=by.organisation, acknowledged_at=None, told_at__isnull=False
    )
    done = rows.update(acknowledged_at=at, acknowledged_by=by.user)
    if done:
        tell_journal("acknowledge", breach.pk, by)
        others = {one.organisation for one in parties_of(breach.pk)} - {by.organisation}
        tell_moved(breach.pk, others, fact=f"acknowledged-{by.organisation}")
    return done


@transaction.atomic
def tell_otherwise(
    *, notice: UUID, means: str, told_at: datetime | None, by: Member, at: datetime
) -> BreachNotice:
    """Note that a party without anybody here was told by other means.

    Raises BreachNotice.DoesNotExist, PermissionDenied, Refused at `means`, `happened_on`.
    """
    require_follower(by)
    row = BreachNotice.objects.select_for_update().get(pk=notice, debtor=by.organisation)
    check(
        [
            None if means in MEANS else Fault("Choisissez un moyen.", "means"),
            noticed_fault(told_at, at, "happened_on", HAPPENED),
            Fault("On prévient après avoir constaté.", "happened_on")
            if told_at is not None and told_at < row.counted_from
            else None,
        ]
    )
    if row.told_at is not None:
        raise Refused("Cette partie est déjà notée comme prévenue.")
    row.told_at, row.means, row.told_by = told_at, means, by.user
    row.save(update_fields=["told_at", "means", "told_by"])
    tell_journal("tell", row.breach_id, by)
    return row


@transaction.atomic
def know_since(
    *, breach: Breach, aware_at: datetime | None, why: str, by: Member, at: datetime
) -> BreachParty:
    """Put right since when one's organisation knows: its 72 hours count from there (GDPR art. 33.1).

    Raises PermissionDenied, Refused at `happened_on`, `why`.
    """
    require_follower(by)
    part = own_part(breach, by)
    if part is None:
        raise PermissionDenied("Votre organisme n’est pas dans ce dossier.")
    text = why.strip()
    check(
        [
            noticed_fault(aware_at, at, "happened_on"),
            *text_faults({"why": text}, by=by, conventions=conventions_of(files_of(breach)), needed=("why",)),
            Fault("Écrivez 300 caractères au plus.", "why") if len(text) > 300 else None,
            Fault("On ne peut pas savoir avant que cela soit constaté.", "happened_on")
            if aware_at is not None and aware_at < breach.noticed_at
            else None,
        ]
    )
    part.aware_at, part.aware_why = aware_at, text
    part.save(update_fields=["aware_at", "aware_why"])
    tell_journal("know", breach.pk, by)
    return part


@transaction.atomic
def add(
    *, breach: Breach, entry_id: UUID, said: Added, file: Upload | None, by: Member, at: datetime
) -> BreachEntry:
    """Add something to the file, with a document or without; all its parties read it.

    A notice to the authority is for whoever answers for the data, and says why if it is late (GDPR art. 33.1).
    Raises PermissionDenied, Refused at `text`, `happened_on`, `late_reason`, `document`.
    """
    require_follower(by)
    new = own_id(entry_id, by)
    if (kept := BreachEntry.objects.filter(pk=new, breach=breach).first()) is not None:
        return kept
    part = own_part(breach, by)
    if part is None:
        raise PermissionDenied("Votre organisme n’est pas dans ce dossier.")
    others = [one.organisation for one in parties_of(breach.pk) if one.organisation != by.organisation]
    texts = {"text": said.text, "late_reason": said.late_reason}
    check(
        [
            *text_faults(texts, by=by, conventions=conventions_of(files_of(breach)), needed=("text",)),
            noticed_fault(
                said.happened_at, at, "happened_on", FILED if said.kind is EntryKind.FILED else HAPPENED
            ),
            _late(said, part),
        ]
    )
    if said.kind is EntryKind.FILED and not part.controls:
        raise PermissionDenied("La CNIL est prévenue par qui répond du traitement.")
    assert said.happened_at is not None  # noqa: S101 - refused above
    document = None
    if file is not None:
        document = store_upload(file=file, organisation=by.organisation, readers=others, by=by, at=at)
    with new_row():
        row = BreachEntry(
            id=new,
            breach=breach,
            kind=said.kind,
            happened_at=said.happened_at,
            text=said.text.strip(),
            late_reason=said.late_reason.strip(),
            document=document,
            **signed(by, at),
        )
        row.save(force_insert=True)
    tell_journal(said.kind.value, breach.pk, by)
    tell_moved(breach.pk, others, fact=new)
    return row


@transaction.atomic
def join(*, breach: Breach, into: UUID, by: Member) -> None:
    """Make two reports of the same facts one file: both keep their clocks. Raises PermissionDenied, Refused at `into`."""
    require_follower(by)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT protection_join(%s, %s)", [breach.pk, into])
    except ProgrammingError as error:
        said = "Ces deux signalements ne peuvent pas être joints : l’un est décidé, clos, ou déjà joint."
        raise Refused(said, "into") from error
    breach.refresh_from_db()
    _share_all(breach, into, by)
    tell_journal("join", breach.pk, by)
    tell_moved(into, [one.organisation for one in parties_of(into)], fact=f"joined-{breach.pk}")


def _share_all(breach: Breach, into: UUID, by: Member) -> None:
    """The documents that one's own organisation put in either file are read by the parties of both."""
    bodies = [one.organisation for one in parties_of(into) if one.organisation != by.organisation]
    rows = BreachEntry.objects.filter(breach__in=[breach.pk, into], recorded_for=by.organisation)
    for row in rows.exclude(document=None).select_related("document").order_by("pk"):
        if row.document is not None:
            share_with(document=row.document, organisations=bodies, by=by)


def _late(said: Added, part: BreachParty) -> Fault | None:
    if said.kind is not EntryKind.FILED or said.happened_at is None or said.late_reason.strip():
        return None
    if part.aware_at is None or not is_late(said.happened_at, part.aware_at):
        return None
    return Fault("Plus de 72 heures ont passé : dites pourquoi (RGPD, article 33.1).", "late_reason")


def require_follower(by: Member) -> None:
    """Raise PermissionDenied for whoever does not follow breaches."""
    if not can_follow(by):
        raise PermissionDenied("Votre rôle ne permet pas de suivre les violations de données.")


def signed(by: Member, at: datetime) -> dict[str, Any]:
    """Who writes, for whom, when."""
    return {"recorded_at": at, "recorded_by": by.user, "recorded_for_id": by.organisation}
