"""Trainings of referents: when, on what, by whom; no person."""

import django.db.models.deletion
from django.db import migrations, models

import maillage.core.identifiers
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

OWN = """
-- A training is of one's own referent, of one convention.
ALTER TABLE conventions_referenttraining ADD CONSTRAINT training_in_its_convention
    FOREIGN KEY (referent_id, convention_id) REFERENCES conventions_referent (id, convention_id);
CREATE FUNCTION conventions_own_training() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM conventions_referent r WHERE r.id = NEW.referent_id AND r.convention_id = NEW.convention_id
                AND r.organisation_id <> NEW.organisation_id) THEN
        RAISE EXCEPTION 'not this organisation''s referent' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION conventions_own_training() FROM PUBLIC;
CREATE TRIGGER own_training BEFORE INSERT ON conventions_referenttraining
    FOR EACH ROW EXECUTE FUNCTION conventions_own_training();
"""

UNDO = """
DROP TRIGGER own_training ON conventions_referenttraining;
DROP FUNCTION conventions_own_training();
ALTER TABLE conventions_referenttraining DROP CONSTRAINT training_in_its_convention;
"""


class Migration(migrations.Migration):
    dependencies = [("conventions", "0007_handover")]

    operations = [
        migrations.CreateModel(
            name="ReferentTraining",
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
                ("trained_on", models.DateField(verbose_name="formé le")),
                ("subject", models.CharField(max_length=200, verbose_name="sujet")),
                ("organiser", models.CharField(max_length=200, verbose_name="organisée par")),
                (
                    "convention",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="conventions.convention",
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
                (
                    "referent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="trainings",
                        to="conventions.referent",
                    ),
                ),
            ],
            options={
                "verbose_name": "formation de référent",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("subject", ""), _negated=True)
                        & models.Q(("organiser", ""), _negated=True),
                        name="training_says_what_and_by_whom",
                        violation_error_message="Indiquez sur quoi portait la formation, et qui l’organisait.",
                    )
                ],
            },
        ),
        ProtectTable("conventions_referenttraining"),
        JournalTable("conventions_referenttraining", "id"),
        migrations.RunSQL(OWN, UNDO),
    ]
