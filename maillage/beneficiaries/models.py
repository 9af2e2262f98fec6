"""The person of a case, and what she was told. Identity is encrypted with the case's key before PostgreSQL sees it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from maillage.cases.models import Case
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, by_participation, organisations_own
from maillage.core.row_security.access import internal
from maillage.core.row_security.guards import Triggers, journalled, unjournalled
from maillage.organisations.models import Organisation


class Beneficiary(models.Model):
    """Minimal identity of the person of one case: names, birth date, a way to contact; NIR if she gave it."""

    access: ClassVar[Access] = by_participation(writes=("INSERT",), added_by="sender")
    triggers: ClassVar[Triggers] = journalled("wait_for_index")

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="beneficiary")
    identity = models.BinaryField("identité chiffrée")

    class Meta:
        verbose_name = "personne orientée"

    def __str__(self) -> str:
        return str(self.case_id)


class Information(models.Model):
    """What the person was told before her data left (GDPR 12-14; S3 art. 6): when, how, by whom, and of which recipient."""

    access: ClassVar[Access] = by_participation(writes=("INSERT",), added_by="sender")
    triggers: ClassVar[Triggers] = journalled("told")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="informations")
    given_on = models.DateField("informée le")
    means = models.CharField("moyen", max_length=20)
    by = models.UUIDField("par")
    recipient = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "information de la personne"
        constraints = [
            models.CheckConstraint(
                condition=Q(means__in=["oral", "written", "both"]), name="information_means_known"
            )
        ]
        indexes = [models.Index(fields=["case"], name="information_case")]

    def __str__(self) -> str:
        return str(self.case_id)


class BlindIndex(models.Model):
    """Keyed digests by which one organisation finds again a person that it already knows, and nobody else can."""

    access: ClassVar[Access] = organisations_own(writes=("INSERT", "DELETE"), names={"case_id": "cases_case"})
    triggers: ClassVar[Triggers] = journalled()

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("nature", max_length=12)
    digest = models.BinaryField("empreinte")

    class Meta:
        verbose_name = "index aveugle"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "case", "kind"], name="blindindex_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["nir", "name_birth", "name"]), name="blindindex_kind_known"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "kind", "digest"], name="blindindex_search")]

    def __str__(self) -> str:
        return str(self.id)


class Waiting(models.Model):
    """A person whom an organisation is not able to find again yet: one of its cases, waiting for a job to index it."""

    access: ClassVar[Access] = internal()
    triggers: ClassVar[Triggers] = unjournalled("a list of work; what the job writes is journalled")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = "personne à indexer"
        constraints = [models.UniqueConstraint(fields=["organisation", "case"], name="waiting_once")]

    def __str__(self) -> str:
        return str(self.id)
