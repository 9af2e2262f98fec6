"""What the parties write on the action sheets of their convention: rows that are added, each in the place of the one that it says anew."""

import django.db.models.deletion
from django.db import migrations, models

import maillage.core.identifiers
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

# A row takes the place of one of the same item of the same sheet; a delivery is of an exchange of its sheet.
KEPT = """
ALTER TABLE steering_sheetentry ADD CONSTRAINT sheetentry_whole UNIQUE (id, convention_id, sheet_key, kind, item);
ALTER TABLE steering_sheetentry ADD CONSTRAINT sheetentry_replaces_its_own
    FOREIGN KEY (replaces_id, convention_id, sheet_key, kind, item)
    REFERENCES steering_sheetentry (id, convention_id, sheet_key, kind, item);
ALTER TABLE steering_sheetentry ADD CONSTRAINT sheetentry_in_its_sheet UNIQUE (id, convention_id, sheet_key);
ALTER TABLE steering_sheetentry ADD CONSTRAINT sheetentry_of_its_sheet
    FOREIGN KEY (of_id, convention_id, sheet_key) REFERENCES steering_sheetentry (id, convention_id, sheet_key);
CREATE TRIGGER recorded BEFORE INSERT ON steering_sheetentry FOR EACH ROW EXECUTE FUNCTION conventions_recorded();

-- A study is asked, then agreed or refused by a party that did not ask, then its data are delivered, then it is concluded.
CREATE FUNCTION steering_study_steps() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.kind <> 'study' THEN
        RETURN NEW;
    END IF;
    IF NEW.replaces_id IS NULL AND NEW.state = 'asked' THEN
        RETURN NEW;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM steering_sheetentry before WHERE before.id = NEW.replaces_id
                    AND (before.state, NEW.state) IN (('asked', 'agreed'), ('asked', 'refused'), ('agreed', 'delivered'),
                                                      ('delivered', 'concluded'))) THEN
        RAISE EXCEPTION 'no step of a study leads there' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state IN ('agreed', 'refused') AND EXISTS (SELECT 1 FROM steering_sheetentry asked
        WHERE asked.id = NEW.item AND asked.recorded_for_id = NEW.recorded_for_id) THEN
        RAISE EXCEPTION 'whoever asked does not answer' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION steering_study_steps() FROM PUBLIC;
CREATE TRIGGER study_steps BEFORE INSERT ON steering_sheetentry FOR EACH ROW EXECUTE FUNCTION steering_study_steps();
"""
UNDO = """
DROP TRIGGER study_steps ON steering_sheetentry;
DROP FUNCTION steering_study_steps();
DROP TRIGGER recorded ON steering_sheetentry;
ALTER TABLE steering_sheetentry DROP CONSTRAINT sheetentry_of_its_sheet;
ALTER TABLE steering_sheetentry DROP CONSTRAINT sheetentry_in_its_sheet;
ALTER TABLE steering_sheetentry DROP CONSTRAINT sheetentry_replaces_its_own;
ALTER TABLE steering_sheetentry DROP CONSTRAINT sheetentry_whole;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("steering", "0001_committees"),
        ("conventions", "0012_commitment_evidence"),
        ("organisations", "0009_directory"),
    ]

    operations = [
        migrations.CreateModel(
            name="SheetEntry",
            fields=[
                ("id", models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ("sheet_key", models.CharField(max_length=80, verbose_name="fiche")),
                ("kind", models.CharField(max_length=12, verbose_name="nature")),
                ("item", models.UUIDField(verbose_name="élément")),
                ("text", models.CharField(max_length=1000, verbose_name="texte")),
                ("state", models.CharField(blank=True, max_length=12, verbose_name="état")),
                ("day", models.DateField(blank=True, null=True, verbose_name="jour")),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="fait le")),
                ("detail", models.JSONField(default=dict, verbose_name="précisions")),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.UUIDField()),
                ("convention", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="conventions.convention")),
                ("of", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="steering.sheetentry")),
                ("recorded_for", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation")),
                ("replaces", models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="steering.sheetentry")),
            ],
            options={
                "verbose_name": "élément d’une fiche action",
                "indexes": [models.Index(fields=["convention", "sheet_key"], name="sheetentry_convention")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["delivery", "exchange", "milestone", "note", "risk", "sheet", "study"])),
                        name="sheetentry_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("item", models.F("id")), ("replaces__isnull", False), _connector="OR"),
                        name="sheetentry_first_is_its_item",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ["delivery", "note", "sheet"]), ("state", "")),
                            models.Q(("kind", "milestone"), ("state__in", ["planned", "started", "done", "dropped"])),
                            models.Q(("kind", "exchange"), ("state__in", ["running", "stopped"])),
                            models.Q(("kind", "risk"), ("state__in", ["open", "closed"])),
                            models.Q(("kind", "study"), ("state__in", ["asked", "agreed", "refused", "delivered", "concluded"])),
                            _connector="OR",
                        ),
                        name="sheetentry_state_of_its_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_on__isnull", False), ("kind", "milestone"), ("state", "done")),
                            models.Q(("done_on__isnull", True), models.Q(("state", "done"), _negated=True)),
                            _connector="OR",
                        ),
                        name="sheetentry_done_on_a_day",
                        violation_error_message="Un jalon fait porte le jour où il l’a été.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ["delivery", "note", "study"]), _negated=True),
                            ("day__isnull", False),
                            _connector="OR",
                        ),
                        name="sheetentry_happened_on_a_day",
                        violation_error_message="Ce qui a eu lieu porte son jour.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "delivery"), ("of__isnull", False)),
                            models.Q(models.Q(("kind", "delivery"), _negated=True), ("of__isnull", True)),
                            _connector="OR",
                        ),
                        name="sheetentry_delivery_of_an_exchange",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ["delivery", "note"]), _negated=True),
                            ("replaces__isnull", True),
                            _connector="OR",
                        ),
                        name="sheetentry_what_happened_stays",
                    ),
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="sheetentry_says_something"),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "sheet"), ("replaces__isnull", True)),
                        fields=("convention", "sheet_key"),
                        name="sheetentry_one_presentation",
                    ),
                ],
            },
        ),
        ProtectTable("steering_sheetentry"),
        JournalTable("steering_sheetentry", "id"),
        migrations.RunSQL(KEPT, UNDO),
    ]
