"""What she lets return to whoever sends may change after the sending: each new choice is a row, the last one counts (D12)."""

import django.db.models.deletion
from django.db import migrations, models

import maillage.core.identifiers
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

# Whoever of the two sides hears her notes it; what counted before, who noted it, when and where she said it are the database's.
KEPT = """
CREATE FUNCTION beneficiaries_choice_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    counting text;
BEGIN
    IF current_user NOT IN ('maillage_app', 'maillage_worker') THEN
        RETURN NEW;
    END IF;
    SELECT c.progress INTO counting FROM beneficiaries_consent c WHERE c.case_id = NEW.case_id FOR UPDATE;
    IF NOT FOUND OR counting = NEW.progress THEN
        RAISE EXCEPTION 'no other choice than the one that counts' USING ERRCODE = 'insufficient_privilege';
    END IF;
    NEW.former := counting;
    NEW.noted_at := clock_timestamp();
    NEW.noted_by := coalesce(nullif(current_setting('maillage.user', true), '')::uuid, NEW.noted_by);
    NEW.said_to := (SELECT p.role FROM cases_participation p
                     WHERE p.case_id = NEW.case_id AND p.organisation_id = cases_caller());
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION beneficiaries_choice_kept() FROM PUBLIC;
CREATE TRIGGER kept BEFORE INSERT ON beneficiaries_progresschoice FOR EACH ROW EXECUTE FUNCTION beneficiaries_choice_kept();
"""
UNKEPT = "DROP TRIGGER kept ON beneficiaries_progresschoice; DROP FUNCTION beneficiaries_choice_kept();"


class Migration(migrations.Migration):

    dependencies = [
        ("audit", "0002_chain"),
        ("beneficiaries", "0005_consent"),
        ("cases", "0011_withheld"),
        ("organisations", "0009_directory"),
    ]

    operations = [
        migrations.CreateModel(
            name="ProgressChoice",
            fields=[
                ("id", models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ("former", models.CharField(max_length=10, verbose_name="choix d’avant")),
                ("progress", models.CharField(max_length=10, verbose_name="ce qui revient à qui l’a envoyée")),
                ("how", models.CharField(max_length=16, verbose_name="comment")),
                ("said_on", models.DateField(verbose_name="dit le")),
                ("said_to", models.CharField(max_length=12, verbose_name="dit à")),
                ("noted_at", models.DateTimeField(verbose_name="noté le")),
                ("noted_by", models.UUIDField(verbose_name="par")),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="choices", to="cases.case"),
                ),
            ],
            options={
                "verbose_name": "choix de la personne",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("former__in", ["all", "received"]),
                            ("progress__in", ["all", "received"]),
                            models.Q(("former", models.F("progress")), _negated=True),
                        ),
                        name="choice_another_one",
                        violation_error_message="Un nouveau choix diffère de celui d’avant.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("how__in", ["oral", "written", "representative"])),
                        name="choice_says_how",
                        violation_error_message="Dites comment elle l’a dit.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("said_to__in", ["sender", "recipient"])),
                        name="choice_said_to_a_side",
                        violation_error_message="Un choix est dit à l’un des deux organismes.",
                    ),
                ],
            },
        ),
        ProtectTable("beneficiaries_progresschoice"),
        JournalTable("beneficiaries_progresschoice", "id"),
        migrations.RunSQL(KEPT, UNKEPT),
    ]
