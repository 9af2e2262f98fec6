"""Suspected breaches of personal data, whom they were told, what was decided and done (rows H5, H6; GDPR art. 33 and 34).

No text here names a person who is helped. What one organisation finds in its own journal stays with it.
"""

from typing import ClassVar, Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from maillage.conventions.lifecycle.models import Convention
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, organisations_own
from maillage.core.row_security.access import ORGANISATION
from maillage.core.row_security.guards import Triggers, journalled
from maillage.core.states import Transition
from maillage.documents.models import Document
from maillage.organisations.models import Organisation
from maillage.protection.breaches.rules import LONGEST, MOST, DataKind, EntryKind, Nature
from maillage.protection.breaches.states import TRANSITIONS, State

_MINE: Final = (
    "EXISTS (SELECT 1 FROM protection_breachparty mine"
    " WHERE mine.breach_id = {table}.{column} AND mine.organisation_id = {organisation})"
)
_READS_THE_DOCUMENT: Final = (
    "({table}.document_id IS NULL OR EXISTS"
    " (SELECT 1 FROM documents_document named WHERE named.id = {table}.document_id))"
)


def _takes_part(column: str) -> str:
    return _MINE.replace("{column}", column).replace("{organisation}", ORGANISATION)


IN_ITS_FILE = _takes_part("breach_id")
FOR_ITSELF = f"recorded_for_id = {ORGANISATION} AND {IN_ITS_FILE}"


class Breach(models.Model):
    """A suspicion that somebody reported, and what became of it; read by her organisation and by those that were told."""

    access: ClassVar[Access] = Access(
        "by_breach",
        sees=f"(organisation_id = {ORGANISATION} OR {_takes_part('id')})",
        adds=f"organisation_id = {ORGANISATION} AND joined_to_id IS NULL",  # joined later, by a function of its own
        changes=_takes_part("id"),
        grants=("SELECT", "INSERT", "UPDATE"),
    )
    triggers: ClassVar[Triggers] = journalled(
        "recorded", "reporter_takes_part", "breach_stays", "breach_decided"
    )
    transitions: ClassVar[tuple[Transition, ...]] = TRANSITIONS

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    state = models.CharField("état", max_length=12, default=State.SUSPECTED)
    what = models.CharField("ce qui s’est passé", max_length=LONGEST)
    noticed_at = models.DateTimeField("constatée le")
    natures = ArrayField(models.CharField(max_length=20), verbose_name="nature")
    data = ArrayField(models.CharField(max_length=20), verbose_name="données touchées")
    people = models.PositiveIntegerField("personnes, environ", null=True, blank=True)
    records = models.PositiveIntegerField("enregistrements, environ", null=True, blank=True)
    goes_on = models.BooleanField("se poursuit", null=True, blank=True)
    recorded_at = models.DateTimeField("signalée le")
    recorded_by = models.UUIDField("par")
    joined_to = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="joined"
    )
    lessons = models.CharField("enseignements", max_length=LONGEST, blank=True)
    ended_at = models.DateTimeField("close le", null=True, blank=True)
    ended_by = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = "violation de données"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="breach_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(what="") & Q(natures__len__gt=0, data__len__gt=0),
                name="breach_says_something",
                violation_error_message="Dites ce qui s’est passé et quelles données sont touchées.",
            ),
            models.CheckConstraint(
                condition=Q(natures__contained_by=[one.value for one in Nature])
                & Q(data__contained_by=[one.value for one in DataKind]),
                name="breach_kinds_known",
                violation_error_message="Choisissez dans la liste.",
            ),
            models.CheckConstraint(
                condition=Q(noticed_at__lte=F("recorded_at")),
                name="breach_noticed_before_told",
                violation_error_message="Ce moment est dans le futur : dites quand vous l’avez constaté.",
            ),
            models.CheckConstraint(
                condition=(Q(people__isnull=True) | Q(people__lte=MOST))
                & (Q(records__isnull=True) | Q(records__lte=MOST)),
                name="breach_numbers_bounded",
                violation_error_message="Donnez une estimation entre 0 et 10 000 000, ou laissez vide.",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", ended_at__isnull=False, ended_by__isnull=False) & ~Q(lessons="")
                | ~Q(state="closed") & Q(ended_at__isnull=True, ended_by__isnull=True, lessons=""),
                name="breach_closed_with_lessons",
                violation_error_message="Dites ce que cette violation apprend.",
            ),
            models.CheckConstraint(
                condition=Q(joined_to__isnull=True) | ~Q(joined_to=F("id")), name="breach_joined_to_another"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class BreachParty(models.Model):
    """That an organisation takes part in the file of a breach: whoever reported it, and each that was told.

    `controls`: it answers for data that the breach touches; its 72 hours count from `aware_at`. `decides`: nothing is decided
    without it.
    """

    access: ClassVar[Access] = organisations_own(writes=("UPDATE",))  # added by definer functions only
    triggers: ClassVar[Triggers] = journalled("party_stays")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    breach = models.ForeignKey(Breach, on_delete=models.PROTECT, related_name="parties")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    controls = models.BooleanField("responsable de traitement", default=False)
    decides = models.BooleanField("décide", default=False)
    since = models.DateTimeField("depuis le")
    aware_at = models.DateTimeField("connue le", null=True, blank=True)
    aware_why = models.CharField("pourquoi ce moment", max_length=300, blank=True)

    class Meta:
        verbose_name = "partie à une violation"
        constraints = [
            models.UniqueConstraint(
                fields=["breach", "organisation"],
                name="breachparty_once",
                violation_error_message="Cet organisme est déjà prévenu.",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "-since"], name="breachparty_recent")]

    def __str__(self) -> str:
        return str(self.id)


class BreachNotice(models.Model):
    """What one organisation tells another under a convention: the delay of that text, when it was told and acknowledged."""

    access: ClassVar[Access] = Access(
        "between_two",
        sees=f"(debtor_id = {ORGANISATION} OR addressee_id = {ORGANISATION})",
        changes=f"(debtor_id = {ORGANISATION} OR addressee_id = {ORGANISATION})",
        grants=("SELECT", "UPDATE"),
    )
    triggers: ClassVar[Triggers] = journalled("notice_stays")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    breach = models.ForeignKey(Breach, on_delete=models.PROTECT, related_name="notices")
    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="+")
    debtor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    addressee = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    article = models.CharField("article", max_length=80)
    within = models.CharField("délai", max_length=12, blank=True)
    start = models.CharField("compté", max_length=12)
    scope = models.CharField("portée", max_length=300, blank=True)
    to_dpo = models.BooleanField("au délégué", default=False)
    counted_from = models.DateTimeField("compté du")
    due_at = models.DateTimeField("à faire avant", null=True, blank=True)
    written_at = models.DateTimeField("écrit le")
    told_at = models.DateTimeField("prévenu le", null=True, blank=True)
    means = models.CharField("par", max_length=10, blank=True)
    told_by = models.UUIDField(null=True, blank=True)
    acknowledged_at = models.DateTimeField("accusé de réception le", null=True, blank=True)
    acknowledged_by = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = "avis d’une violation"
        constraints = [
            models.UniqueConstraint(
                fields=["breach", "convention", "debtor", "addressee"],
                name="breachnotice_once",
                violation_error_message="Cette partie est déjà prévenue au titre de cette convention.",
            ),
            models.CheckConstraint(condition=~Q(debtor=F("addressee")), name="breachnotice_to_another"),
            models.CheckConstraint(
                condition=Q(told_at__isnull=True, means="", told_by__isnull=True)
                | Q(told_at__isnull=False, means="platform")
                | Q(told_at__isnull=False, told_by__isnull=False, means__in=["phone", "post", "hand"]),
                name="breachnotice_told_somehow",
                violation_error_message="Dites quand et comment cette partie a été prévenue.",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True, acknowledged_by__isnull=True)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False, told_at__isnull=False),
                name="breachnotice_acknowledged_once_told",
            ),
        ]
        indexes = [
            models.Index(
                fields=["addressee"],
                condition=Q(acknowledged_at__isnull=True),
                name="breachnotice_to_acknowledge",
            ),
            models.Index(fields=["debtor"], condition=Q(told_at__isnull=True), name="breachnotice_to_tell"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class BreachDecision(models.Model):
    """What is proposed to be decided together: is it a breach, are the authority and the persons told, which measures.

    It holds once each organisation that decides agreed to it; a later one takes its place.
    """

    access: ClassVar[Access] = Access(
        "by_breach", sees=IN_ITS_FILE, adds=FOR_ITSELF, grants=("SELECT", "INSERT")
    )
    triggers: ClassVar[Triggers] = journalled("recorded", "of_a_decider")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    breach = models.ForeignKey(Breach, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField("numéro")
    is_breach = models.BooleanField("violation avérée")
    reason = models.CharField("pourquoi ce n’en est pas une", max_length=LONGEST, blank=True)
    consequences = models.CharField("conséquences probables", max_length=LONGEST, blank=True)
    measures = models.CharField("mesures", max_length=LONGEST, blank=True)
    tells_authority = models.BooleanField("notifier à la CNIL", default=False)
    authority_reason = models.CharField("pourquoi ne pas notifier", max_length=LONGEST, blank=True)
    tells_persons = models.BooleanField("informer les personnes", default=False)
    persons_reason = models.CharField("pourquoi ne pas informer", max_length=LONGEST, blank=True)
    recorded_at = models.DateTimeField("proposée le")
    recorded_by = models.UUIDField()
    recorded_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "décision sur une violation"
        constraints = [
            models.UniqueConstraint(
                fields=["breach", "number"],
                name="breachdecision_number_once",
                violation_error_message="Une autre décision vient d’être proposée : relisez-la.",
            ),
            models.CheckConstraint(
                condition=Q(is_breach=False, tells_authority=False, tells_persons=False) & ~Q(reason="")
                | Q(is_breach=True) & ~Q(consequences="") & ~Q(measures=""),
                name="breachdecision_says_why",
                violation_error_message="Dites pourquoi ce n’est pas une violation, ou ses conséquences et les mesures.",
            ),
            models.CheckConstraint(
                condition=Q(is_breach=False)
                | (Q(tells_authority=True) | ~Q(authority_reason=""))
                & (Q(tells_persons=True) | ~Q(persons_reason="")),
                name="breachdecision_silence_has_a_reason",
                violation_error_message="Dites pourquoi l’autorité ou les personnes ne sont pas prévenues.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)


class BreachEntry(models.Model):
    """One thing added to the file of a breach, which stays: a word, a document, a measure, a notice to the authority, an agreement."""

    access: ClassVar[Access] = Access(
        "by_breach",
        sees=IN_ITS_FILE,
        adds=f"{FOR_ITSELF} AND {_READS_THE_DOCUMENT}",
        grants=("SELECT", "INSERT"),
    )
    triggers: ClassVar[Triggers] = journalled("recorded", "agrees_to_its_own")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    breach = models.ForeignKey(Breach, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField("nature", max_length=12)
    happened_at = models.DateTimeField("le")
    text = models.CharField("texte", max_length=LONGEST, blank=True)
    late_reason = models.CharField("motif du retard", max_length=LONGEST, blank=True)
    decision = models.ForeignKey(
        BreachDecision, on_delete=models.PROTECT, null=True, blank=True, related_name="agreements"
    )
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()
    recorded_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "pièce d’une violation"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in EntryKind]), name="breachentry_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(kind="agreed", decision__isnull=False)
                | ~Q(kind="agreed") & Q(decision__isnull=True),
                name="breachentry_agrees_to_something",
            ),
            models.CheckConstraint(
                condition=Q(kind="agreed") | ~Q(text=""),
                name="breachentry_says_something",
                violation_error_message="Écrivez quelques mots.",
            ),
            models.CheckConstraint(
                condition=Q(happened_at__lte=F("recorded_at")),
                name="breachentry_happened_before_said",
                violation_error_message="Ce moment est dans le futur.",
            ),
            models.UniqueConstraint(
                fields=["decision", "recorded_for"],
                condition=Q(kind="agreed"),
                name="breachentry_agreed_once",
                violation_error_message="Votre organisme a déjà donné son accord.",
            ),
        ]
        indexes = [models.Index(fields=["breach", "happened_at"], name="breachentry_in_order")]

    def __str__(self) -> str:
        return self.kind


class BreachReach(models.Model):
    """What an organisation's own journal tells of a breach: which cases were read, by whom, between two instants. Its own alone."""

    access: ClassVar[Access] = organisations_own(writes=("INSERT",), names={"breach_id": "protection_breach"})
    triggers: ClassVar[Triggers] = journalled("recorded")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    breach = models.ForeignKey(Breach, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField("depuis")
    before = models.DateTimeField("jusqu’à")
    person = models.UUIDField("compte", null=True, blank=True)
    cases = ArrayField(models.UUIDField(), verbose_name="dossiers")
    readers = ArrayField(models.UUIDField(), verbose_name="comptes")
    conventions = ArrayField(models.UUIDField(), verbose_name="conventions")
    readings = models.JSONField(
        "lectures", default=dict
    )  # by case: [account, first, last, how many], as `readings` reads it
    is_whole = models.BooleanField("complète", default=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()

    class Meta:
        verbose_name = "étendue d’une violation"
        constraints = [
            models.CheckConstraint(
                condition=Q(since__lt=F("before")),
                name="breachreach_from_to",
                violation_error_message="La fin vient après le début.",
            )
        ]
        indexes = [models.Index(fields=["breach", "organisation"], name="breachreach_of_breach")]

    def __str__(self) -> str:
        return str(self.id)
