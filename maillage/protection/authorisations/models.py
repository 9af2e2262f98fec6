"""Authorisations asked before persons' data go to somebody else, and what each party that decides answered (rows A22, H3)."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from maillage.conventions.lifecycle.models import Convention
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, by_party
from maillage.core.row_security.guards import Triggers, journalled
from maillage.documents.models import Document
from maillage.organisations.models import Organisation
from maillage.protection.authorisations.rules import LONGEST, LONGEST_COUNTRY, LONGEST_NAME, Kind


class TransferRequest(models.Model):
    """That a party asks to hand persons' data of a convention to a body: which one, which data, what for, from when, with which guarantees.

    `asked_of`: the parties that authorise, as the text of that day says (`article`, or the `blank` that it leaves). What was asked
    never changes: another request takes its place.
    """

    access: ClassVar[Access] = by_party(
        writes=("INSERT",),
        recorded_by="organisation_id",
        names={"document_id": "documents_document"},
        informed_too=False,
    )
    triggers: ClassVar[Triggers] = journalled("recorded", "transfer_asked")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    regime_key = models.CharField("portée", max_length=80)
    kind = models.CharField("nature", max_length=14)
    body = models.CharField("organisme destinataire", max_length=LONGEST_NAME)
    country = models.CharField("pays", max_length=LONGEST_COUNTRY)
    data = models.CharField("données", max_length=LONGEST)
    purpose = models.CharField("finalité", max_length=LONGEST)
    guarantees = models.CharField("garanties", max_length=LONGEST)
    starts_on = models.DateField("à partir du")
    asked_of = ArrayField(models.UUIDField(), verbose_name="qui autorise")
    article = models.CharField("article", max_length=120)
    blank = models.CharField("à compléter", max_length=300, blank=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField("demandée le")
    recorded_by = models.UUIDField("par")

    class Meta:
        verbose_name = "demande d’autorisation"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[one.value for one in Kind]),
                name="transferrequest_kind_known",
                violation_error_message="Choisissez dans la liste.",
            ),
            models.CheckConstraint(
                condition=~Q(body="")
                & ~Q(country="")
                & ~Q(data="")
                & ~Q(purpose="")
                & ~Q(guarantees="")
                & ~Q(regime_key=""),
                name="transferrequest_says_all",
                violation_error_message="Dites à qui, quelles données, pourquoi et avec quelles garanties.",
            ),
            models.CheckConstraint(
                condition=Q(asked_of__len__gt=0), name="transferrequest_asked_of_somebody"
            ),
        ]
        indexes = [
            models.Index(fields=["convention", "-recorded_at"], name="transferrequest_recent"),
            models.Index(fields=["organisation", "-recorded_at"], name="transferrequest_asker"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class TransferAnswer(models.Model):
    """What one party that authorises answered, once: granted, until a day or as long as the convention lasts, or refused and why.

    Given by that party; by the asker, with the signed paper, for one that has nobody here.
    """

    access: ClassVar[Access] = by_party(
        writes=("INSERT",),
        recorded_by="recorded_for_id",
        names={"request_id": "protection_transferrequest", "document_id": "documents_document"},
        informed_too=False,
    )
    triggers: ClassVar[Triggers] = journalled("answers_what_was_asked", "recorded")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    request = models.ForeignKey(TransferRequest, on_delete=models.PROTECT, related_name="answers")
    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    granted = models.BooleanField("autorisé")
    words = models.CharField("conditions ou motif", max_length=LONGEST, blank=True)
    day = models.DateField("le")
    until = models.DateField("jusqu’au", null=True, blank=True)
    to_term = models.BooleanField("tant que la convention dure", default=False)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField("noté le")
    recorded_by = models.UUIDField("par")
    recorded_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "réponse à une demande d’autorisation"
        constraints = [
            models.UniqueConstraint(
                fields=["request", "organisation"],
                name="transferanswer_once",
                violation_error_message="Cet organisme a déjà répondu.",
            ),
            models.CheckConstraint(
                condition=Q(granted=True, until__isnull=False, to_term=False)
                | Q(granted=True, until__isnull=True, to_term=True)
                | Q(granted=False, until__isnull=True, to_term=False),
                name="transferanswer_granted_for_a_time",
                violation_error_message="Donnez le dernier jour, ou choisissez « tant que la convention dure ».",
            ),
            models.CheckConstraint(
                condition=~Q(words="") | Q(granted=True, document__isnull=False),
                name="transferanswer_written",
                violation_error_message="Écrivez les conditions ou le motif, ou joignez l’écrit.",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("day")),
                name="transferanswer_ends_after_granted",
                violation_error_message="Le dernier jour vient après celui de l’accord.",
            ),
            models.CheckConstraint(
                condition=Q(recorded_for=F("organisation")) | Q(document__isnull=False),
                name="transferanswer_for_another_has_its_document",
                violation_error_message="La réponse d’une autre partie s’enregistre avec son écrit.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class TransferWithdrawal(models.Model):
    """That a request, or what was granted, no longer holds: said once, by the asker or by a party that authorises, with the reason."""

    access: ClassVar[Access] = by_party(
        writes=("INSERT",),
        recorded_by="recorded_for_id",
        names={"request_id": "protection_transferrequest"},
        informed_too=False,
    )
    triggers: ClassVar[Triggers] = journalled("recorded", "withdraws_its_own")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    request = models.OneToOneField(TransferRequest, on_delete=models.PROTECT, related_name="withdrawal")
    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="+")
    words = models.CharField("pourquoi", max_length=LONGEST)
    recorded_at = models.DateTimeField("retirée le")
    recorded_by = models.UUIDField("par")
    recorded_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "retrait d’une autorisation"
        constraints = [
            models.CheckConstraint(
                condition=~Q(words=""),
                name="transferwithdrawal_says_why",
                violation_error_message="Dites pourquoi.",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)
