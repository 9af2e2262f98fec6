"""The address by which someone's calendar reads the dates of her organisation's conventions, until she revokes it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access
from maillage.core.row_security.access import ORGANISATION, USER
from maillage.core.row_security.guards import Triggers, journalled
from maillage.organisations.models import Organisation, User

_MINE = f"(organisation_id = {ORGANISATION} AND user_id = {USER})"


class CalendarFeed(models.Model):
    """One address. It holds no secret: the address carries the row's id under the application's signature."""

    access: ClassVar[Access] = Access(
        "own_feed", sees=_MINE, adds=_MINE, changes=_MINE, grants=("SELECT", "INSERT", "UPDATE")
    )
    triggers: ClassVar[Triggers] = journalled()

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("créée le")
    revoked_at = models.DateTimeField("révoquée le", null=True, blank=True)

    class Meta:
        verbose_name = "adresse de calendrier"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"],
                condition=Q(revoked_at__isnull=True),
                name="calendarfeed_one_live",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | Q(revoked_at__gte=F("created_at")),
                name="calendarfeed_dates_ordered",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
