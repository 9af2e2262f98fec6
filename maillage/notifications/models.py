"""The outbox: what will be said to whom. A message holds a reference and a link, never what a case contains."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access
from maillage.core.row_security.access import ORGANISATION, USER, internal
from maillage.core.row_security.guards import Triggers, unjournalled

ACCOUNT = "account"  # the kind of a message to one person about her own account
DIGEST = "digest"  # the summary of the day to one person: how many cases wait for her
URGENT = "urgent"  # to one person, at once, about an urgent case
BOX = "box"  # the summary of the day to a box, the organisation's or a referent's: of how many cases and conventions there is news
PERSONAL = (ACCOUNT, DIGEST, URGENT)


class Message(models.Model):
    """One message to one mailbox: an organisation's, or an account's own. `once` makes a second identical one impossible."""

    access: ClassVar[Access] = Access(
        "outbox",
        sees=f"(recipient_id = {ORGANISATION} OR account_id = {USER})",
        adds=f"(account_id IS NULL OR account_id = {USER})",  # nobody writes to a person but herself
        grants=("SELECT", "INSERT"),
    )
    triggers: ClassVar[Triggers] = unjournalled(
        "what it tells has an entry of its own; what follows is bookkeeping of sending",
        "born_waiting",
        "said_already",
        "told_as_agreed",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    once = models.CharField("clé d’unicité", max_length=200, unique=True)
    recipient_id = models.UUIDField("organisme destinataire", null=True, blank=True)
    kind = models.CharField("nature", max_length=40)
    reference = models.CharField("référence", max_length=80)
    path = models.CharField("lien", max_length=200)
    invitation_id = models.UUIDField(
        "invitation",
        null=True,
        blank=True,
        help_text="Le message va à l’adresse de cette invitation, avec son lien, que rien ne garde.",
    )
    referent_id = models.UUIDField(
        "référent",
        null=True,
        blank=True,
        help_text="Le message va à la boîte de ce référent, s’il est en fonction quand le message part.",
    )
    account_id = models.UUIDField(
        "compte",
        null=True,
        blank=True,
        help_text="Le message va à l’adresse de ce compte, et à aucun organisme.",
    )
    cases = models.PositiveIntegerField("dossiers qui attendent", null=True, blank=True)
    held = models.BooleanField(
        "gardé pour le récapitulatif",
        default=False,
        db_default=False,
        help_text="Ne part pas seul : le récapitulatif du jour de la boîte le dit avec les autres.",
    )
    created_at = models.DateTimeField(db_default=Now())
    claimed_until = models.DateTimeField(
        "pris jusqu’à",
        null=True,
        blank=True,
        help_text="Bail du processus qui l’envoie, ou report après un échec.",
    )
    handed_at = models.DateTimeField("remis au serveur de courrier", null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    failed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "message"
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(handed_at__isnull=False), name="message_sent_was_handed"
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(failed_at__isnull=True), name="message_sent_or_failed"
            ),
            models.CheckConstraint(
                condition=Q(path__regex=r"^/[0-9a-z/-]*$"), name="message_path_stays_here"
            ),  # « @elsewhere.example » after our address would lead there
            models.CheckConstraint(
                condition=(
                    Q(account_id__isnull=True, recipient_id__isnull=False)
                    & (Q(invitation_id__isnull=True) | Q(referent_id__isnull=True))
                )
                | Q(
                    account_id__isnull=False,
                    recipient_id__isnull=True,
                    invitation_id__isnull=True,
                    referent_id__isnull=True,
                ),
                name="message_one_address",
            ),
            models.CheckConstraint(
                condition=Q(account_id__isnull=True) & ~Q(kind__in=PERSONAL)
                | Q(account_id__isnull=False, kind__in=PERSONAL),
                name="message_to_an_account_says_so",
            ),  # its words are for a person: no box of an organisation gets them
            models.CheckConstraint(
                condition=Q(kind__in=[DIGEST, BOX], cases__isnull=False, cases__gt=0)
                | ~Q(kind__in=[DIGEST, BOX]) & Q(cases__isnull=True),
                name="message_only_a_summary_counts",
            ),
            models.CheckConstraint(
                condition=Q(held=False) | Q(recipient_id__isnull=False, invitation_id__isnull=True),
                name="message_held_for_a_box",
            ),
            models.CheckConstraint(
                condition=Q(reference__regex=r"^[0-9A-Z-]+$"), name="message_reference_is_code"
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=Q(sent_at__isnull=True, failed_at__isnull=True),
                name="message_waiting",
            ),
            models.Index(
                fields=["recipient_id"], condition=Q(held=True, sent_at__isnull=True), name="message_held"
            ),
            models.Index(fields=["sent_at"], condition=Q(sent_at__isnull=False), name="message_sent"),
            models.Index(fields=["failed_at"], condition=Q(failed_at__isnull=False), name="message_failed"),
        ]

    def __str__(self) -> str:
        return self.once


class Mailing(models.Model):
    """How one person is written to, and when she last was. Hers alone: her organisation does not read what she chose."""

    access: ClassVar[Access] = Access(
        "own_mailing",
        sees=f"user_id = {USER}",
        adds=f"user_id = {USER}",
        changes=f"user_id = {USER}",
        grants=("SELECT", "INSERT", "UPDATE"),
    )
    triggers: ClassVar[Triggers] = unjournalled(
        "what she chooses has an entry of its own; the rest is bookkeeping of sending"
    )

    user_id = models.UUIDField("personne", primary_key=True)
    choice = models.CharField("choix", max_length=10, default="urgent")
    chosen_at = models.DateTimeField("choisi le", null=True, blank=True)
    looked_on = models.DateField("regardé le", null=True, blank=True)
    told_on = models.DateField("dernier récapitulatif le", null=True, blank=True)
    told_of = models.PositiveIntegerField("dossiers dits", null=True, blank=True)

    class Meta:
        verbose_name = "courrier d’une personne"
        constraints = [
            models.CheckConstraint(
                condition=Q(choice__in=["urgent", "daily", "none"]),
                name="mailing_choice_known",
                violation_error_message="Choisissez dans la liste.",
            ),
            models.CheckConstraint(
                condition=Q(told_on__isnull=True, told_of__isnull=True)
                | Q(
                    told_on__isnull=False,
                    told_of__isnull=False,
                    told_of__gt=0,
                    looked_on__isnull=False,
                    looked_on__gte=F("told_on"),
                ),
                name="mailing_told_of_something",
                violation_error_message="Un récapitulatif dit le jour, et combien de dossiers attendent.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.user_id)


class Said(models.Model):
    """A message that was sent and has left the outbox: the digest of its `once`, so that the same fact is not told again."""

    access: ClassVar[Access] = internal()
    triggers: ClassVar[Triggers] = unjournalled("the job that removes messages says how many it removed")

    digest = models.UUIDField("empreinte de la clé d’unicité", primary_key=True, editable=False)

    class Meta:
        verbose_name = "message envoyé, oublié"

    def __str__(self) -> str:
        return str(self.digest)
