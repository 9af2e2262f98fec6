"""What a situation is made of: care renounced, in the clear for counts; the rest encrypted, and encrypted again with its case."""

import django.db.models.deletion
from django.db import migrations, models

import maillage.core.identifiers
from maillage.core.row_security import ProtectTable

# Care renounced is what the sender said when sending: in the transaction that opens the case, and no other.
DESCRIBED = """
CREATE FUNCTION referrals_described() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM cases_case c WHERE c.id = NEW.case_id AND c.opened_at >= transaction_timestamp()) THEN
        RAISE EXCEPTION 'care is described when the referral is sent' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION referrals_described() FROM PUBLIC;
CREATE TRIGGER described BEFORE INSERT ON referrals_renunciation FOR EACH ROW EXECUTE FUNCTION referrals_described();
"""

RENEWING = """
CREATE FUNCTION situation_to_renew(of_case uuid) RETURNS bytea
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    found_situation bytea;
BEGIN
    SELECT r.situation INTO found_situation FROM referrals_referral r
     WHERE r.case_id = of_case
       AND EXISTS (SELECT 1 FROM cases_participation mine WHERE mine.case_id = of_case
                    AND mine.organisation_id = cases_caller() AND (mine.until IS NULL OR mine.until > statement_timestamp()))
       FOR UPDATE;
    RETURN found_situation;
END $$;

CREATE FUNCTION encrypt_situation_again(of_case uuid, former bytea, again bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE referrals_referral r SET situation = again
     WHERE r.case_id = of_case AND r.situation = former
       AND EXISTS (SELECT 1 FROM cases_participation mine WHERE mine.case_id = of_case
                    AND mine.organisation_id = cases_caller() AND mine.key_made_at = transaction_timestamp());
    RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION situation_to_renew(uuid), encrypt_situation_again(uuid, bytea, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION situation_to_renew(uuid), encrypt_situation_again(uuid, bytea, bytea) TO maillage_worker;
"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0006_advice"), ("cases", "0004_renewing")]

    operations = [
        migrations.AlterField(
            "referral", "narrative", models.BinaryField("récit chiffré", null=True, blank=True)
        ),
        migrations.AddField(
            "referral", "situation", models.BinaryField("situation chiffrée", null=True, blank=True)
        ),
        migrations.CreateModel(
            name="Renunciation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("care", models.CharField(max_length=30, verbose_name="soin")),
                ("reason", models.CharField(max_length=20, verbose_name="raison")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="renunciations", to="cases.case"
                    ),
                ),
            ],
            options={
                "verbose_name": "renoncement à un soin",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "care__in",
                                [
                                    "dental_prosthetic",
                                    "dental_conservative",
                                    "optics",
                                    "ophthalmology",
                                    "gynaecology",
                                    "general_practice",
                                    "other_specialists",
                                    "other",
                                ],
                            )
                        ),
                        name="renunciation_care_known",
                        violation_error_message="Choisissez un soin de la liste.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "reason__in",
                                ["cost", "distance", "time", "disability", "rights", "complexity", "other"],
                            )
                        ),
                        name="renunciation_reason_known",
                        violation_error_message="Choisissez une raison de la liste.",
                    ),
                    models.UniqueConstraint(
                        fields=("case", "care", "reason"),
                        name="renunciation_once",
                        violation_error_message="Ce soin est déjà noté, pour la même raison.",
                    ),
                ],
            },
        ),
        ProtectTable("referrals_renunciation"),
        migrations.RunSQL(
            DESCRIBED,
            "DROP TRIGGER described ON referrals_renunciation; DROP FUNCTION referrals_described();",
        ),
        migrations.RunSQL(
            RENEWING,
            "DROP FUNCTION encrypt_situation_again(uuid, bytea, bytea); DROP FUNCTION situation_to_renew(uuid);",
        ),
    ]
