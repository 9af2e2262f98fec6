"""What the organisations of a case write to each other, and the parties of a convention."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from maillage.cases.models import Case
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, by_participation, by_party, organisations_own
from maillage.core.row_security.guards import Triggers, journalled, unjournalled
from maillage.documents.models import Document
from maillage.exchange.rules import LONG_NUMBER
from maillage.organisations.models import Organisation


class Message(models.Model):
    """A message about a case, sealed with its key, read by those who take part in it. It stays as it was written."""

    access: ClassVar[Access] = by_participation(writes=("INSERT",))
    triggers: ClassVar[Triggers] = journalled("kept")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    author = models.UUIDField("par")
    at = models.DateTimeField("écrit le", db_default=Now())
    sealed_text = models.BinaryField("texte chiffré")

    class Meta:
        verbose_name = "message"
        indexes = [models.Index(fields=["case", "-at"], name="message_thread")]

    def __str__(self) -> str:
        return str(self.id)


class Seen(models.Model):
    """Up to which message somebody has read a case: what comes after, from the other side, awaits her."""

    access: ClassVar[Access] = organisations_own(
        names={"case_id": "cases_case", "message_id": "exchange_message"}
    )
    while_frozen: ClassVar[str] = "reading is noted"
    triggers: ClassVar[Triggers] = unjournalled(
        "opening the case is journalled; this only says which messages are told again"
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    user_id = models.UUIDField("personne")
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "message lu"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "organisation", "user_id"],
                name="seen_once",
                violation_error_message="Ce dossier a déjà sa marque de lecture pour cette personne.",
            )
        ]

    def __str__(self) -> str:
        return str(self.case_id)


class Note(models.Model):
    """What one party of a convention writes to the others, about nobody: in plain words, which the detector has read.

    The database repeats what it can of the detector: no long number, no sign of an address. Names are the detector's alone.
    """

    access: ClassVar[Access] = by_party(writes=("INSERT",), recorded_by="organisation_id")
    triggers: ClassVar[Triggers] = journalled("kept")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    convention_id = models.UUIDField("convention")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    author = models.UUIDField("par")
    at = models.DateTimeField("écrit le", db_default=Now())
    text = models.TextField("texte")

    class Meta:
        verbose_name = "mot de la boîte d’une convention"
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="note_says_something",
                violation_error_message="Écrivez quelques mots.",
            ),
            models.CheckConstraint(
                condition=~Q(text__regex=LONG_NUMBER),
                name="note_holds_no_long_number",
                violation_error_message="Ici, on ne parle d’aucune personne : retirez ce numéro.",
            ),
            models.CheckConstraint(
                condition=~Q(text__regex="[@\uff20\ufe6b]"),
                name="note_holds_no_address",
                violation_error_message="Ici, on ne parle d’aucune personne : retirez cette adresse électronique.",
            ),
        ]
        indexes = [models.Index(fields=["convention_id", "-at"], name="note_box")]

    def __str__(self) -> str:
        return str(self.id)


class Attachment(models.Model):
    """The file beside a message: encrypted as every document, read by the two sides of the case, served through it only."""

    access: ClassVar[Access] = by_participation(writes=("INSERT",))
    triggers: ClassVar[Triggers] = journalled("kept")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="attachment")
    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "pièce jointe à un message"
        indexes = [models.Index(fields=["case"], name="attachment_case")]

    def __str__(self) -> str:
        return str(self.id)
