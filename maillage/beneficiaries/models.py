"""The person of a case, and what she was told. Identity is encrypted with the case's key before PostgreSQL sees it."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from maillage.beneficiaries.agreement import (
    AGREED,
    ALL_STEPS,
    HOW,
    MANDATE,
    NOT_ASKED,
    PROGRESS,
    SPOKEN,
)
from maillage.beneficiaries.rules import IDENTITY_FIELDS, LANGUAGES, LONGEST_WHY, NOTICES
from maillage.cases.models import Case
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, by_participation, organisations_own
from maillage.core.row_security.access import ORGANISATION, internal
from maillage.core.row_security.guards import Triggers, journalled, unjournalled
from maillage.organisations.models import Organisation


class Beneficiary(models.Model):
    """Minimal identity of the person of one case: names, birth date, a way to contact; NIR if she gave it.

    Written by the sending; the definer function `correct_identity` alone changes it, with the `Correction` that says so.
    """

    access: ClassVar[Access] = by_participation(writes=("INSERT",), added_by="sender")
    while_frozen: ClassVar[str] = "what is wrong is put right: its function says by whom"
    triggers: ClassVar[Triggers] = journalled("wait_for_index")

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="beneficiary")
    identity = models.BinaryField("identité chiffrée")

    class Meta:
        verbose_name = "personne orientée"

    def __str__(self) -> str:
        return str(self.case_id)


class Correction(models.Model):
    """That what was wrong in the identity of a case was put right (GDPR art. 16): which fields, what it was before, by whom.

    `former`: the whole identity as it was, encrypted with the case's key. `addressee`: the other side, which says once that it took it
    up; none where a request of the person tells it (`request_id`, of another room). Written by `correct_identity` alone, which refuses a
    restricted case to whoever answers no request.
    """

    access: ClassVar[Access] = Access(
        "by_participation",
        sees=by_participation().sees,
        changes=f"addressee_id = {ORGANISATION} AND {by_participation().sees}",
        grants=("SELECT", "UPDATE"),
    )
    while_frozen: ClassVar[str] = "what is wrong is put right: its function says by whom"
    triggers: ClassVar[Triggers] = journalled("correction_stays", "answers_a_request")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="corrections")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    fields = ArrayField(models.CharField(max_length=16), verbose_name="champs corrigés")
    former = models.BinaryField("identité d’avant, chiffrée")
    request_id = models.UUIDField("demande", null=True, blank=True)
    corrected_at = models.DateTimeField("corrigée le")
    corrected_by = models.UUIDField("par")
    addressee = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    acknowledged_at = models.DateTimeField("reprise le", null=True, blank=True)
    acknowledged_by = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = "correction d’une identité"
        constraints = [
            models.CheckConstraint(
                condition=Q(fields__len__gt=0, fields__contained_by=list(IDENTITY_FIELDS)),
                name="correction_says_what",
                violation_error_message="Une correction dit ce qu’elle change.",
            ),
            models.CheckConstraint(
                condition=Q(addressee__isnull=True)
                | Q(request_id__isnull=True) & ~Q(addressee=F("organisation")),
                name="correction_told_once",
                violation_error_message="Une correction se dit à l’autre organisme, une seule fois.",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True, acknowledged_by__isnull=True)
                | Q(
                    acknowledged_at__gte=F("corrected_at"),
                    acknowledged_by__isnull=False,
                    addressee__isnull=False,
                ),
                name="correction_taken_up_by_its_addressee",
                violation_error_message="Une correction est reprise par l’organisme à qui elle est dite.",
            ),
        ]
        indexes = [
            models.Index(fields=["case", "corrected_at"], name="correction_of_case"),
            models.Index(
                fields=["addressee", "corrected_at"],
                condition=Q(addressee__isnull=False, acknowledged_at__isnull=True),
                name="correction_to_take_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {','.join(self.fields)}"


class Information(models.Model):
    """What the person was told before her data left (GDPR 12-14; S3 art. 6): when, how, by whom, and of which recipient."""

    access: ClassVar[Access] = by_participation(writes=("INSERT",), added_by="sender")
    triggers: ClassVar[Triggers] = journalled("told")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="informations")
    given_on = models.DateField("informée le")
    means = models.CharField("moyen", max_length=20)
    language = models.CharField("langue", max_length=8, blank=True, default="", db_default="")
    notice = models.CharField("feuille remise", max_length=10, blank=True, default="", db_default="")
    by = models.UUIDField("par")
    recipient = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "information de la personne"
        constraints = [
            models.CheckConstraint(
                condition=Q(means__in=["oral", "written", "both"]), name="information_means_known"
            ),
            models.CheckConstraint(
                condition=Q(language__in=["", *LANGUAGES]),
                name="information_language_known",
                violation_error_message="Choisissez une langue de la liste.",
            ),
            models.CheckConstraint(
                condition=Q(notice__in=list(NOTICES)),
                name="information_notice_known",
                violation_error_message="Choisissez une feuille de la liste.",
            ),
        ]
        indexes = [models.Index(fields=["case"], name="information_case")]

    def __str__(self) -> str:
        return str(self.case_id)


class Consent(models.Model):
    """What the person answered before her data left, or that nobody asked her; what she lets return to the sender (D12).

    The sender writes it by sending. Either side notes that she takes it back, and the trigger `obeyed` stops the case.
    """

    access: ClassVar[Access] = by_participation(writes=("INSERT", "UPDATE"), added_by="sender")
    triggers: ClassVar[Triggers] = journalled("kept", "obeyed")

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="consent")
    answer = models.CharField("réponse", max_length=10)
    how = models.CharField("comment", max_length=16, blank=True)
    sealed_mandate = models.BinaryField("référence du mandat, chiffrée", null=True, blank=True)
    progress = models.CharField("ce qui revient à qui l’a envoyée", max_length=10, default=ALL_STEPS)
    noted_at = models.DateTimeField("noté le")
    noted_by = models.UUIDField("par")
    withdrawn_at = models.DateTimeField("retiré le", null=True, blank=True)
    withdrawn_by = models.UUIDField("retrait noté par", null=True, blank=True)
    withdrawn_to = models.CharField("retrait dit à", max_length=12, blank=True)

    class Meta:
        verbose_name = "accord de la personne"
        constraints = [
            models.CheckConstraint(
                condition=Q(answer=AGREED, how__in=list(HOW)) | Q(answer=NOT_ASKED, how=""),
                name="consent_says_how",
                violation_error_message="Un accord dit comment il fut donné ; un refus ne s’envoie pas.",
            ),
            models.CheckConstraint(
                condition=Q(how=MANDATE, sealed_mandate__isnull=False)
                | ~Q(how=MANDATE) & Q(sealed_mandate__isnull=True),
                name="consent_mandate_has_its_reference",
                violation_error_message="Un mandat Aidants Connect a sa référence, et lui seul.",
            ),
            models.CheckConstraint(
                condition=Q(progress__in=list(PROGRESS)),
                name="consent_progress_known",
                violation_error_message="Dites ce que la personne accepte qui revienne.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_to="")
                | Q(
                    withdrawn_at__isnull=False,
                    withdrawn_by__isnull=False,
                    withdrawn_to__in=["sender", "recipient"],
                ),
                name="consent_withdrawn_to_someone",
                violation_error_message="Un retrait dit quand, par qui et de quel côté il fut noté.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("noted_at")),
                name="consent_withdrawn_after_noted",
                violation_error_message="Un retrait suit l’accord.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.case_id)


class ProgressChoice(models.Model):
    """That she chose otherwise, after the sending, what returns to the sender (D12): all are kept, the last one counts.

    Either side that hears her adds it; the trigger `obeyed` makes it the consent's, and what the sender reads follows at once.
    """

    access: ClassVar[Access] = by_participation(writes=("INSERT",))
    triggers: ClassVar[Triggers] = journalled("kept", "obeyed")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="choices")
    former = models.CharField("choix d’avant", max_length=10)
    progress = models.CharField("ce qui revient à qui l’a envoyée", max_length=10)
    how = models.CharField("comment", max_length=16)
    said_on = models.DateField("dit le")
    said_to = models.CharField("dit à", max_length=12)
    noted_at = models.DateTimeField("noté le")
    noted_by = models.UUIDField("par")

    class Meta:
        verbose_name = "choix de la personne"
        constraints = [
            models.CheckConstraint(
                condition=Q(former__in=list(PROGRESS), progress__in=list(PROGRESS))
                & ~Q(former=F("progress")),
                name="choice_another_one",
                violation_error_message="Un nouveau choix diffère de celui d’avant.",
            ),
            models.CheckConstraint(
                condition=Q(how__in=list(SPOKEN)),
                name="choice_says_how",
                violation_error_message="Dites comment elle l’a dit.",
            ),
            models.CheckConstraint(
                condition=Q(said_to__in=["sender", "recipient"]),
                name="choice_said_to_a_side",
                violation_error_message="Un choix est dit à l’un des deux organismes.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.progress} {self.case_id}"


class BlindIndex(models.Model):
    """Keyed digests by which one organisation finds again a person that it already knows, and nobody else can."""

    access: ClassVar[Access] = organisations_own(writes=("INSERT", "DELETE"), names={"case_id": "cases_case"})
    while_frozen: ClassVar[str] = "she is found again"
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


class Objection(models.Model):
    """That a person objected to one flow: what one organisation sends to, or receives from, another for one service (GDPR art. 21).

    By the keyed digests of `BlindIndex`, so that nobody else can ask; `sealed`, under what she is looked for, to that organisation
    alone, from which they are made again when its index has a new key (null for what was noted before it was kept). Both go once it
    is lifted. It outlives her cases, since it is what keeps her objection. `request_id`: the request that it answers, of another room.
    """

    access: ClassVar[Access] = organisations_own()
    triggers: ClassVar[Triggers] = journalled("objection_stays")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    counterpart = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    service = models.CharField("service", max_length=40)
    request_id = models.UUIDField("demande")
    digests = ArrayField(models.BinaryField(), verbose_name="empreintes")
    sealed = models.BinaryField("personne, scellée", null=True, blank=True)
    since = models.DateTimeField("depuis")
    noted_by = models.UUIDField("par")
    lifted_at = models.DateTimeField("levée le", null=True, blank=True)
    lifted_by = models.UUIDField(null=True, blank=True)
    lifted_why = models.CharField("pourquoi", max_length=LONGEST_WHY, blank=True)

    class Meta:
        verbose_name = "opposition d’une personne"
        constraints = [
            models.UniqueConstraint(
                fields=["request_id", "organisation", "counterpart", "service"],
                condition=Q(lifted_at__isnull=True),
                name="objection_once",
                violation_error_message="Cette opposition est déjà notée.",
            ),
            models.CheckConstraint(
                condition=~Q(organisation=F("counterpart")) & ~Q(service=""), name="objection_to_a_flow"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, lifted_why="") & ~Q(digests=[])
                | Q(lifted_at__isnull=False, lifted_by__isnull=False, digests=[], sealed__isnull=True)
                & ~Q(lifted_why=""),
                name="objection_lifted_is_forgotten",
                violation_error_message="Dites pourquoi l’opposition est levée.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "counterpart", "service"],
                condition=Q(lifted_at__isnull=True),
                name="objection_running",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.counterpart_id}"


class Waiting(models.Model):
    """A person whom an organisation is not able to find again yet: one of its cases, waiting for a job to index it."""

    access: ClassVar[Access] = internal()
    while_frozen: ClassVar[str] = "she is found again"
    triggers: ClassVar[Triggers] = unjournalled("a list of work; what the job writes is journalled")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = "personne à indexer"
        constraints = [models.UniqueConstraint(fields=["organisation", "case"], name="waiting_once")]

    def __str__(self) -> str:
        return str(self.id)
