import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import maillage.core.identifiers
from django.db import migrations, models


from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("audit", "0002_chain"),
        ("organisations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Authorisation",
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
                ("convention_id", models.UUIDField(verbose_name="convention")),
                ("flow_key", models.CharField(max_length=80, verbose_name="clé du flux")),
                ("service", models.CharField(max_length=40, verbose_name="service")),
                ("article", models.CharField(max_length=40, verbose_name="article")),
                (
                    "open_during",
                    django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name="ouvert pendant"),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "sender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "autorisation",
            },
        ),
        migrations.CreateModel(
            name="Case",
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
                ("convention_id", models.UUIDField(verbose_name="convention")),
                ("kind", models.CharField(max_length=20, verbose_name="nature")),
                ("service", models.CharField(max_length=40, verbose_name="service")),
                ("opened_at", models.DateTimeField(verbose_name="ouvert le")),
                (
                    "authorisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.authorisation",
                    ),
                ),
                (
                    "caisse",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "forwarded_from",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.case",
                    ),
                ),
                (
                    "sender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "dossier",
            },
        ),
        migrations.CreateModel(
            name="Participation",
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
                ("convention_id", models.UUIDField(verbose_name="convention")),
                ("role", models.CharField(max_length=12, verbose_name="rôle")),
                ("since", models.DateTimeField(verbose_name="depuis")),
                ("until", models.DateTimeField(blank=True, null=True, verbose_name="jusqu’à")),
                ("state", models.CharField(max_length=20, verbose_name="état")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="clos le")),
                ("urgent", models.BooleanField(default=False, verbose_name="urgent")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="échéance")),
                ("sealed_key", models.BinaryField(verbose_name="clé du dossier scellée")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="participations",
                        to="cases.case",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "participation",
            },
        ),
        migrations.AddIndex(
            model_name="authorisation",
            index=models.Index(fields=["sender", "service"], name="authorisation_sender"),
        ),
        migrations.AddIndex(
            model_name="authorisation",
            index=models.Index(fields=["recipient"], name="authorisation_recipient"),
        ),
        migrations.AddConstraint(
            model_name="authorisation",
            constraint=models.UniqueConstraint(
                fields=("convention_id", "flow_key", "sender", "recipient"), name="authorisation_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="authorisation",
            constraint=models.CheckConstraint(
                condition=models.Q(("sender", models.F("recipient")), _negated=True),
                name="authorisation_two_sides",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["authorisation"], name="case_authorisation"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["referral", "application"])), name="case_kind_known"
            ),
        ),
        migrations.AddIndex(
            model_name="participation",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True)),
                fields=["organisation", "-since"],
                name="participation_worklist",
            ),
        ),
        migrations.AddIndex(
            model_name="participation",
            index=models.Index(fields=["organisation", "-since"], name="participation_all"),
        ),
        migrations.AddIndex(
            model_name="participation",
            index=models.Index(
                fields=["organisation", "convention_id", "role", "state"], name="participation_counts"
            ),
        ),
        migrations.AddConstraint(
            model_name="participation",
            constraint=models.UniqueConstraint(fields=("case", "organisation"), name="participation_once"),
        ),
        migrations.AddConstraint(
            model_name="participation",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["sender", "recipient"])), name="participation_role_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="participation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                ),
                name="participation_dates_ordered",
            ),
        ),
        ProtectTable("cases_authorisation"),
        ProtectTable("cases_case"),
        ProtectTable("cases_participation"),
        JournalTable("cases_authorisation", "id"),
        JournalTable("cases_case", "id"),
        JournalTable("cases_participation", "id"),
    ]
