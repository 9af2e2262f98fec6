import django.db.models.deletion
import django.db.models.functions.datetime
import maillage.core.identifiers
from django.db import migrations, models


from maillage.core.row_security import ProtectTable


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Chain",
            fields=[
                ("chain", models.UUIDField(primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(default=0)),
                ("previous", models.BinaryField(default=b"")),
                ("digest", models.BinaryField()),
            ],
            options={
                "verbose_name": "chaîne",
            },
        ),
        migrations.CreateModel(
            name="Entry",
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
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="instant"
                    ),
                ),
                ("organisation_id", models.UUIDField(null=True, verbose_name="organisme")),
                ("user_id", models.TextField(blank=True, default="", verbose_name="personne")),
                ("verb", models.TextField(verbose_name="action")),
                ("object_type", models.TextField(blank=True, default="", verbose_name="objet")),
                ("object_ref", models.TextField(blank=True, default="", verbose_name="référence")),
                ("fields", models.TextField(blank=True, default="", verbose_name="champs")),
                ("reason", models.TextField(blank=True, default="", verbose_name="motif")),
            ],
            options={
                "verbose_name": "entrée du journal",
                "verbose_name_plural": "journal",
            },
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="audit.entry",
                    ),
                ),
                ("chain", models.UUIDField(verbose_name="chaîne")),
                ("number", models.BigIntegerField(verbose_name="numéro")),
                ("previous", models.BinaryField(verbose_name="empreinte précédente")),
                ("digest", models.BinaryField(verbose_name="empreinte")),
            ],
            options={
                "verbose_name": "maillon",
            },
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["organisation_id", "-at"], name="entry_organisation_at"),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.UniqueConstraint(fields=("chain", "number"), name="link_number_once"),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.UniqueConstraint(fields=("chain", "previous"), name="link_previous_once"),
        ),
        ProtectTable("audit_entry"),
        ProtectTable("audit_link"),
        ProtectTable("audit_chain"),
    ]
