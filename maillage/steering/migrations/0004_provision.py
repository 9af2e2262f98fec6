"""Triangles of payments and what was paid in the end: rows that are added, each in the place of the one that it corrects."""

import django.db.models.deletion
from django.db import migrations, models

import maillage.core.identifiers
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable


def _kept(table: str) -> str:
    """What takes the place of a row is of the same year and component of the same convention."""
    return f"""
ALTER TABLE steering_{table} ADD CONSTRAINT {table}_whole UNIQUE (id, convention_id, year, component);
ALTER TABLE steering_{table} ADD CONSTRAINT {table}_replaces_its_own
    FOREIGN KEY (replaces_id, convention_id, year, component) REFERENCES steering_{table} (id, convention_id, year, component);
CREATE TRIGGER recorded BEFORE INSERT ON steering_{table} FOR EACH ROW EXECUTE FUNCTION conventions_recorded();
"""


def _undone(table: str) -> str:
    return f"""
DROP TRIGGER recorded ON steering_{table};
ALTER TABLE steering_{table} DROP CONSTRAINT {table}_replaces_its_own;
ALTER TABLE steering_{table} DROP CONSTRAINT {table}_whole;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("steering", "0003_credits"),
        ("conventions", "0012_commitment_evidence"),
        ("organisations", "0009_directory"),
    ]

    operations = [
        migrations.CreateModel(
            name="ProvisionActual",
            fields=[
                ("id", models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ("component", models.CharField(max_length=10, verbose_name="composante")),
                ("year", models.PositiveSmallIntegerField(verbose_name="exercice")),
                ("cents", models.BigIntegerField(verbose_name="montant")),
                ("known_on", models.DateField(verbose_name="arrêté le")),
                ("source", models.CharField(max_length=200, verbose_name="source")),
                ("reason", models.CharField(blank=True, max_length=400, verbose_name="motif")),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.UUIDField()),
                ("convention", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="conventions.convention")),
                ("recorded_for", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation")),
                ("replaces", models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="steering.provisionactual")),
            ],
            options={
                "verbose_name": "réalisé d’une provision",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("component__in", ["day_price", "grant", "package"])), name="provisionactual_component_known"),
                    models.CheckConstraint(
                        condition=models.Q(("cents__gte", -1000000000000000), ("cents__lte", 1000000000000000)),
                        name="provisionactual_amount_possible",
                    ),
                    models.CheckConstraint(condition=models.Q(("source", ""), _negated=True), name="provisionactual_has_a_source"),
                    models.CheckConstraint(
                        condition=models.Q(("replaces__isnull", True), models.Q(("reason", ""), _negated=True), _connector="OR"),
                        name="provisionactual_replaced_for_a_reason",
                        violation_error_message="Une correction dit son motif.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("replaces__isnull", True)),
                        fields=("convention", "year", "component"),
                        name="provisionactual_first_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProvisionTriangle",
            fields=[
                ("id", models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ("component", models.CharField(max_length=10, verbose_name="composante")),
                ("year", models.PositiveSmallIntegerField(verbose_name="exercice")),
                ("first_year", models.PositiveSmallIntegerField(verbose_name="première année de soins")),
                ("cells", models.JSONField(verbose_name="montants cumulés")),
                ("source", models.CharField(max_length=200, verbose_name="source")),
                ("reason", models.CharField(blank=True, max_length=400, verbose_name="motif")),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.UUIDField()),
                ("convention", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="conventions.convention")),
                ("recorded_for", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation")),
                ("replaces", models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="steering.provisiontriangle")),
            ],
            options={
                "verbose_name": "triangle de provision",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("component__in", ["day_price", "grant", "package"])), name="provisiontriangle_component_known"),
                    models.CheckConstraint(
                        condition=models.Q(("first_year__gte", 1990), ("first_year__lt", models.F("year")), ("year__lte", 2199)),
                        name="provisiontriangle_years_ordered",
                    ),
                    models.CheckConstraint(condition=models.Q(("source", ""), _negated=True), name="provisiontriangle_has_a_source"),
                    models.CheckConstraint(
                        condition=models.Q(("replaces__isnull", True), models.Q(("reason", ""), _negated=True), _connector="OR"),
                        name="provisiontriangle_replaced_for_a_reason",
                        violation_error_message="Une correction dit son motif.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("replaces__isnull", True)),
                        fields=("convention", "year", "component"),
                        name="provisiontriangle_first_once",
                    ),
                ],
            },
        ),

        ProtectTable("steering_provisiontriangle"),
        ProtectTable("steering_provisionactual"),
        JournalTable("steering_provisiontriangle", "id"),
        JournalTable("steering_provisionactual", "id"),
        migrations.RunSQL(
            _kept("provisiontriangle") + _kept("provisionactual"),
            _undone("provisionactual") + _undone("provisiontriangle"),
        ),
    ]
