"""Envelopes of credits, their figures and their corrections, the measures taken: rows that are added, never changed."""

import django.db.models.deletion
from django.db import migrations, models

import maillage.core.identifiers
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

# A figure and a measure are of an envelope of their convention; a correction is of the same figure.
KEPT = """
ALTER TABLE steering_creditenvelope ADD CONSTRAINT creditenvelope_in_its_convention UNIQUE (id, convention_id);
ALTER TABLE steering_creditfigure ADD CONSTRAINT creditfigure_envelope_in_its_convention
    FOREIGN KEY (envelope_id, convention_id) REFERENCES steering_creditenvelope (id, convention_id);
ALTER TABLE steering_creditfigure ADD CONSTRAINT creditfigure_whole UNIQUE (id, convention_id, envelope_id, year, month);
ALTER TABLE steering_creditfigure ADD CONSTRAINT creditfigure_corrects_its_own
    FOREIGN KEY (corrects_id, convention_id, envelope_id, year, month)
    REFERENCES steering_creditfigure (id, convention_id, envelope_id, year, month);
ALTER TABLE steering_regulationmeasure ADD CONSTRAINT regulationmeasure_envelope_in_its_convention
    FOREIGN KEY (envelope_id, convention_id) REFERENCES steering_creditenvelope (id, convention_id);
CREATE TRIGGER recorded BEFORE INSERT ON steering_creditenvelope FOR EACH ROW EXECUTE FUNCTION conventions_recorded();
CREATE TRIGGER recorded BEFORE INSERT ON steering_creditfigure FOR EACH ROW EXECUTE FUNCTION conventions_recorded();
CREATE TRIGGER recorded BEFORE INSERT ON steering_regulationmeasure FOR EACH ROW EXECUTE FUNCTION conventions_recorded();
"""
UNDO = """
DROP TRIGGER recorded ON steering_regulationmeasure;
DROP TRIGGER recorded ON steering_creditfigure;
DROP TRIGGER recorded ON steering_creditenvelope;
ALTER TABLE steering_regulationmeasure DROP CONSTRAINT regulationmeasure_envelope_in_its_convention;
ALTER TABLE steering_creditfigure DROP CONSTRAINT creditfigure_corrects_its_own;
ALTER TABLE steering_creditfigure DROP CONSTRAINT creditfigure_whole;
ALTER TABLE steering_creditfigure DROP CONSTRAINT creditfigure_envelope_in_its_convention;
ALTER TABLE steering_creditenvelope DROP CONSTRAINT creditenvelope_in_its_convention;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("steering", "0002_sheets"),
        ("conventions", "0012_commitment_evidence"),
        ("organisations", "0009_directory"),
    ]

    operations = [
        migrations.CreateModel(
            name="CreditEnvelope",
            fields=[
                ("id", models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200, verbose_name="enveloppe")),
                ("name_key", models.CharField(max_length=400)),
                ("target", models.CharField(max_length=10, verbose_name="objectif suivi")),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.UUIDField()),
                ("convention", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="conventions.convention")),
                ("recorded_for", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation")),
            ],
            options={
                "verbose_name": "enveloppe de crédits",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("target__in", ["ondam", "ogd", "other"])), name="creditenvelope_target_known"),
                    models.CheckConstraint(condition=models.Q(("name_key", ""), _negated=True), name="creditenvelope_named"),
                    models.UniqueConstraint(
                        fields=("convention", "name_key"),
                        name="creditenvelope_name_once",
                        violation_error_message="Une enveloppe porte déjà ce nom.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CreditFigure",
            fields=[
                ("id", models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ("year", models.PositiveSmallIntegerField(verbose_name="année")),
                ("month", models.PositiveSmallIntegerField(verbose_name="mois")),
                ("cents", models.BigIntegerField(verbose_name="montant")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="source")),
                ("reason", models.CharField(blank=True, max_length=400, verbose_name="motif")),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.UUIDField()),
                ("convention", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="conventions.convention")),
                ("corrects", models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="steering.creditfigure")),
                ("envelope", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="figures", to="steering.creditenvelope")),
                ("recorded_for", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation")),
            ],
            options={
                "verbose_name": "montant d’une enveloppe",
                "indexes": [models.Index(fields=["convention", "year"], name="creditfigure_convention")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("month__lte", 12), ("year__gte", 2000), ("year__lte", 2199)),
                        name="creditfigure_month_of_a_year",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cents__gte", -1000000000000000),
                            ("cents__lte", 1000000000000000),
                            models.Q(("cents__gt", 0), ("month__gt", 0), _connector="OR"),
                        ),
                        name="creditfigure_amount_possible",
                        violation_error_message="Un objectif est un montant positif.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("corrects__isnull", True), models.Q(("reason", ""), _negated=True), _connector="OR"),
                        name="creditfigure_corrected_for_a_reason",
                        violation_error_message="Une correction dit son motif.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("corrects__isnull", True)),
                        fields=("convention", "envelope", "year", "month"),
                        name="creditfigure_first_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RegulationMeasure",
            fields=[
                ("id", models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ("day", models.DateField(verbose_name="décidée le")),
                ("what", models.CharField(max_length=1000, verbose_name="mesure")),
                ("cents", models.BigIntegerField(blank=True, null=True, verbose_name="montant")),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.UUIDField()),
                ("convention", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="conventions.convention")),
                ("envelope", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="measures", to="steering.creditenvelope")),
                ("recorded_for", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation")),
            ],
            options={
                "verbose_name": "mesure de régulation",
                "indexes": [models.Index(fields=["envelope", "day"], name="regulationmeasure_envelope")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("what", ""), _negated=True), name="regulationmeasure_says_what"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cents__isnull", True),
                            models.Q(("cents__gte", -1000000000000000), ("cents__lte", 1000000000000000)),
                            _connector="OR",
                        ),
                        name="regulationmeasure_amount_possible",
                    ),
                ],
            },
        ),

        ProtectTable("steering_creditenvelope"),
        ProtectTable("steering_creditfigure"),
        ProtectTable("steering_regulationmeasure"),
        JournalTable("steering_creditenvelope", "id"),
        JournalTable("steering_creditfigure", "id"),
        JournalTable("steering_regulationmeasure", "id"),
        migrations.RunSQL(KEPT, UNDO),
    ]
