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
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("failed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "message",
                "indexes": [
                    models.Index(
                        condition=models.Q(("sent_at__isnull", True)),
                        fields=["created_at"],
                        name="message_waiting",
                    )
                ],
            },
        ),
        ProtectTable("notifications_message"),
    ]
