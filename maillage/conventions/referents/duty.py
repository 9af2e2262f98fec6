"""Whom a notice about a convention reaches beside the body's own box: its referents on duty, former and new in a hand-over."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import F, Q

from maillage.conventions.referents.models import Referent


def on_duty_of(convention: UUID, bodies: Collection[UUID], on: date) -> list[tuple[UUID, UUID]]:
    """The tenures of these bodies that run that day and have a box of their own, each with its body; one for each box.

    The body's own generic box gets the notice already. The addresses stay in their rows: they are read when a message leaves.
    """
    rows = (
        Referent.objects.filter(
            Q(until__isnull=True) | Q(until__gte=on),
            convention=convention,
            organisation__in=bodies,
            since__lte=on,
        )
        .exclude(mailbox="")
        .exclude(mailbox__iexact=F("organisation__mailbox"))
        .order_by("organisation_id", "since", "id")
        .values_list("id", "organisation_id", "mailbox")
    )
    reached: dict[tuple[UUID, str], UUID] = {}
    for referent, body, mailbox in rows:
        reached[body, mailbox.casefold()] = referent  # of two at one box, the one who came last stays longest
    return [(referent, body) for (body, _), referent in reached.items()]
