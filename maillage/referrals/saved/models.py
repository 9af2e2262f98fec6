"""A list that somebody keeps under a name: filters, as the address of the list has them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access
from maillage.core.row_security.access import ORGANISATION, USER
from maillage.core.row_security.guards import Triggers, unjournalled
from maillage.organisations.models import Organisation
from maillage.referrals.saved.rules import LONGEST_NAME, LONGEST_QUERY, QUERY

_MINE = f"(organisation_id = {ORGANISATION} AND user_id = {USER})"


class SavedView(models.Model):
    """One person's view of the list of one organisation. Her colleagues do not read it: what she looks for is hers."""

    access: ClassVar[Access] = Access(
        "own_view", sees=_MINE, adds=_MINE, removes=_MINE, grants=("SELECT", "INSERT", "DELETE")
    )
    triggers: ClassVar[Triggers] = unjournalled(
        "codes of filters under a name; what a list shows is journalled"
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    user_id = models.UUIDField("personne")
    name = models.CharField("nom", max_length=LONGEST_NAME)
    query = models.CharField("filtres", max_length=LONGEST_QUERY, blank=True)
    saved_at = models.DateTimeField("enregistrée le")

    class Meta:
        verbose_name = "vue enregistrée"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user_id", "name"],
                name="savedview_once",
                violation_error_message="Vous avez déjà une vue de ce nom.",
            ),
            models.CheckConstraint(
                condition=Q(name__regex="[[:alnum:]]"),
                name="savedview_has_a_name",
                violation_error_message="Donnez un nom à cette vue.",
            ),
            models.CheckConstraint(
                condition=Q(query__regex=QUERY),
                name="savedview_holds_codes",
                violation_error_message="Une vue ne garde que des filtres.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
