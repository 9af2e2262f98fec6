"""Deleting a draft that nobody else has had in hand: for good, with its files."""

from django.db import connection, transaction

from maillage.audit.actions import record
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.policies import can_discard, can_draft
from maillage.conventions.lifecycle.recording import lock_and_load, require
from maillage.core.refusals import Refused
from maillage.documents.actions import forget_files
from maillage.organisations.member import Member


@transaction.atomic
def discard(*, convention: Convention, by: Member) -> None:
    """Delete the draft, its versions, its ties, its facts, and the documents attached to nothing else.

    Raises `Refused` once it has been proposed, even if it was taken back: other bodies have read it.
    """
    require(
        can_draft(by) and convention.drafted_by_id == by.organisation,
        "Seule la partie qui rédige supprime un brouillon.",
    )
    known = lock_and_load(convention)
    if not can_discard(by, known):
        raise Refused("D’autres organismes ont eu ce texte : il ne se supprime plus.")
    record(
        verb="convention.discard",
        object_type="convention",
        object_ref=known.id,
        by=by.user,
        organisation=by.organisation,
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT discard_draft(%s)", [known.id])
        forget_files([row[0] for row in cursor.fetchall()])
