"""The journal: entries are inserted plainly, and chained at commit by a deferred trigger.

Rows carry text ids and no foreign key: they outlive what they speak of. They name references and fields, never values.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from maillage.audit.rules import SHORTEST_RETENTION
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, internal, write_only
from maillage.core.row_security.access import ORGANISATION
from maillage.core.row_security.guards import Triggers, unjournalled


class Entry(models.Model):
    """One thing that happened: who, for which organisation, what, to what, which fields, why."""

    access: ClassVar[Access] = write_only(reads=True)
    triggers: ClassVar[Triggers] = unjournalled(
        "it is the journal",
        "seal_entry",
        "chain_at_commit",
        "entries_stay",
        "entries_are_kept",
        "entries_leave_pruned",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField("instant", db_default=Now())
    organisation_id = models.UUIDField("organisme", null=True, db_index=False)
    user_id = models.TextField("personne", blank=True, default="")
    verb = models.TextField("action")
    object_type = models.TextField("objet", blank=True, default="")
    object_ref = models.TextField("référence", blank=True, default="")
    fields = models.TextField("champs", blank=True, default="")
    reason = models.TextField("motif", blank=True, default="")
    leaf = models.BinaryField(
        "empreinte de l’entrée", default=b"", help_text="Calculée par la base à l’insertion."
    )
    transaction = models.BigIntegerField("transaction", default=0, db_index=True)

    class Meta:
        verbose_name = "entrée du journal"
        verbose_name_plural = "journal"
        indexes = [
            models.Index(fields=["organisation_id", "-at"], name="entry_organisation_at"),
            models.Index(fields=["organisation_id", "user_id", "-at"], name="entry_person_at"),
            BrinIndex(
                fields=["at"], name="entry_at"
            ),  # « since when », over all organisations: costs writers nothing
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_type}"


class Link(models.Model):
    """What one transaction added to an organisation's chain: its number, the digest before it, its own digest.

    One link for all entries of the transaction, so that the chain's lock is held for two statements, not two per entry.
    Its number is its key: two links after the same one would bear the same number, since both come from one UPDATE.
    """

    access: ClassVar[Access] = Access("chain_links", sees=f"chain = {ORGANISATION}", grants=("SELECT",))
    triggers: ClassVar[Triggers] = unjournalled(
        "part of the journal", "links_stay", "links_are_kept", "links_leave_pruned"
    )

    pk = models.CompositePrimaryKey("chain", "lane", "number")
    chain = models.UUIDField("chaîne")
    lane = models.SmallIntegerField("voie")
    number = models.BigIntegerField("numéro")
    previous = models.BinaryField("empreinte précédente")
    digest = models.BinaryField("empreinte")
    members = ArrayField(models.UUIDField(), verbose_name="entrées")

    class Meta:
        verbose_name = "maillon"

    def __str__(self) -> str:
        return f"{self.chain} {self.lane} {self.number}"


class Chain(models.Model):
    """The end of each lane of an organisation's chain; its row is the lock that orders the commits of that lane.

    A chain has several lanes so that writers of one organisation commit together: one lane would make each wait for
    the other's write to the disk.
    """

    access: ClassVar[Access] = internal()
    triggers: ClassVar[Triggers] = unjournalled("part of the journal")

    pk = models.CompositePrimaryKey("chain", "lane")
    chain = models.UUIDField()
    lane = models.SmallIntegerField()
    number = models.BigIntegerField(default=0)
    previous = models.BinaryField(default=b"")
    digest = models.BinaryField()
    transaction = models.BigIntegerField(default=0, help_text="La dernière qui a chaîné ici.")
    began = models.BigIntegerField(default=0, help_text="Le premier numéro de cette transaction.")

    class Meta:
        verbose_name = "chaîne"

    def __str__(self) -> str:
        return f"{self.chain} {self.lane} {self.number}"


class Anchor(models.Model):
    """A signed file outside the database that says where the lanes of all chains ended: what the database knows of it.

    The file is the proof (`anchors.py`); this row only says that the segment may be pruned one day, and which.
    """

    access: ClassVar[Access] = internal()
    triggers: ClassVar[Triggers] = unjournalled(
        "part of the journal", "anchor_guard", "anchors_stay", "anchors_are_kept"
    )

    number = models.BigIntegerField("numéro", primary_key=True)
    at = models.DateTimeField("scellée le")
    recorded_at = models.DateTimeField("enregistrée le", db_default=Now())
    retention_days = models.IntegerField("jours de conservation")
    digest = models.BinaryField("empreinte du fichier")

    class Meta:
        verbose_name = "ancre du journal"
        constraints = [
            models.CheckConstraint(
                condition=Q(retention_days__gte=SHORTEST_RETENTION),
                name="anchor_kept_long_enough",
                violation_error_message="Le journal se garde six mois au moins.",
            )
        ]

    def __str__(self) -> str:
        return str(self.number)


class Seal(models.Model):
    """The link at which an anchor found one lane: a segment ends there."""

    access: ClassVar[Access] = internal()
    triggers: ClassVar[Triggers] = unjournalled(
        "part of the journal", "seal_guard", "seals_stay", "seals_are_kept"
    )

    pk = models.CompositePrimaryKey("chain", "lane", "number")
    chain = models.UUIDField("chaîne")
    lane = models.SmallIntegerField("voie")
    number = models.BigIntegerField("numéro")
    digest = models.BinaryField("empreinte")
    anchor = models.BigIntegerField("ancre")

    class Meta:
        verbose_name = "scellé du journal"
        indexes = [models.Index(fields=["anchor"], name="seal_anchor")]

    def __str__(self) -> str:
        return f"{self.chain} {self.lane} {self.number}"


class Pruning(models.Model):
    """A segment that was removed once its retention had passed: its lane now begins after this number."""

    access: ClassVar[Access] = internal()
    triggers: ClassVar[Triggers] = unjournalled(
        "part of the journal", "pruning_guard", "prunings_stay", "prunings_are_kept"
    )

    pk = models.CompositePrimaryKey("chain", "lane", "number")
    chain = models.UUIDField("chaîne")
    lane = models.SmallIntegerField("voie")
    number = models.BigIntegerField("numéro")
    digest = models.BinaryField("empreinte")
    pruned_at = models.DateTimeField("élagué le", db_default=Now())
    transaction = models.BigIntegerField("transaction", default=0, help_text="Celle qui retire les lignes.")

    class Meta:
        verbose_name = "élagage du journal"

    def __str__(self) -> str:
        return f"{self.chain} {self.lane} {self.number}"
