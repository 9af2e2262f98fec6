import django.db.models.functions.datetime
import maillage.core.identifiers
from django.db import migrations, models


from maillage.core.row_security import ProtectTable


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=maillage.core.identifiers.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("once", models.CharField(max_length=200, unique=True, verbose_name="clé d’unicité")),
                ("recipient_id", models.UUIDField(verbose_name="organisme destinataire")),
                ("kind", models.CharField(max_length=40, verbose_name="nature")),
                ("reference", models.CharField(max_length=80, verbose_name="référence")),
                ("path", models.CharField(max_length=200, verbose_name="lien")),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "claimed_until",
                    models.DateTimeField(
                        blank=True,
                        help_text="Bail du processus qui l’envoie, ou report après un échec.",
                        null=True,
                        verbose_name="pris jusqu’à",
                    ),
                ),
                (
                    "handed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="remis au serveur de courrier"),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("failed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "message",
                "indexes": [
                    models.Index(
                        condition=models.Q(("failed_at__isnull", True), ("sent_at__isnull", True)),
                        fields=["created_at"],
                        name="message_waiting",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sent_at__isnull", True), ("handed_at__isnull", False), _connector="OR"
                        ),
                        name="message_sent_was_handed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sent_at__isnull", True), ("failed_at__isnull", True), _connector="OR"
                        ),
                        name="message_sent_or_failed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("path__regex", "^/[0-9a-z/-]*$")), name="message_path_stays_here"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reference__regex", "^[0-9A-Z-]+$")),
                        name="message_reference_is_code",
                    ),
                ],
            },
        ),
        ProtectTable("notifications_message"),
    ]
