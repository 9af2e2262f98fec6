"""What was noted of an enrolment by error is corrected, and what it said before is kept; what waits there has its index."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

import maillage.core.identifiers
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

_BEGINS = "CREATE FUNCTION referrals_enrolment_kept()"
_FORMER = _BEGINS.replace("CREATE", "CREATE OR REPLACE") + (
    import_module("maillage.referrals.migrations.0021_prado").GUARDS.partition(_BEGINS)[2].partition("CREATE TRIGGER")[0]
)
_STAYS = """        IF (OLD.presented_on IS NOT NULL AND (NEW.presented_on, NEW.visited_on, NEW.eligible) IS DISTINCT FROM
                (OLD.presented_on, OLD.visited_on, OLD.eligible))
            OR (OLD.answer <> '' AND (NEW.answer, NEW.reason, NEW.answered_on) IS DISTINCT FROM (OLD.answer, OLD.reason, OLD.answered_on))
            OR (OLD.has_midwife AND NOT NEW.has_midwife) OR NEW.preregistered_on IS DISTINCT FROM OLD.preregistered_on THEN
"""
KEPT = _FORMER.replace(
    _STAYS,
    """        IF (OLD.presented_on IS NOT NULL AND (NEW.visited_on, NEW.eligible) IS DISTINCT FROM (OLD.visited_on, OLD.eligible))
            OR NEW.preregistered_on IS DISTINCT FROM OLD.preregistered_on
            OR ((OLD.presented_on IS NOT NULL AND NEW.presented_on IS DISTINCT FROM OLD.presented_on
                 OR OLD.answer <> '' AND (NEW.answer, NEW.reason, NEW.answered_on) IS DISTINCT FROM (OLD.answer, OLD.reason, OLD.answered_on)
                 OR OLD.has_midwife AND NOT NEW.has_midwife)
                AND NOT EXISTS (SELECT 1 FROM referrals_enrolmentcorrection c
                                 WHERE c.enrolment_id = NEW.id AND c.corrected_at >= transaction_timestamp()
                                   AND (c.presented_on, c.answer, c.reason, c.answered_on)
                                       IS NOT DISTINCT FROM (OLD.presented_on, OLD.answer, OLD.reason, OLD.answered_on))) THEN
""",
)
if _FORMER.count(_STAYS) != 1:
    raise ValueError("the guard is not the one that this migration knows")

CORRECTED = """
CREATE FUNCTION referrals_enrolment_corrected() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF current_user NOT IN ('maillage_app', 'maillage_worker') THEN
        RETURN NEW;
    END IF;
    SELECT e.presented_on, e.answer, e.reason, e.answered_on INTO NEW.presented_on, NEW.answer, NEW.reason, NEW.answered_on
      FROM referrals_enrolment e WHERE e.id = NEW.enrolment_id FOR UPDATE;
    IF NOT FOUND OR NEW.presented_on IS NULL THEN
        RAISE EXCEPTION 'nothing was noted that may be corrected' USING ERRCODE = 'insufficient_privilege';
    END IF;
    NEW.corrected_at := clock_timestamp();
    NEW.corrected_by := coalesce(nullif(current_setting('maillage.user', true), '')::uuid, NEW.corrected_by);
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION referrals_enrolment_corrected() FROM PUBLIC;
CREATE TRIGGER kept BEFORE INSERT ON referrals_enrolmentcorrection
    FOR EACH ROW EXECUTE FUNCTION referrals_enrolment_corrected();
"""
UNCORRECTED = "DROP TRIGGER kept ON referrals_enrolmentcorrection; DROP FUNCTION referrals_enrolment_corrected();"


class Migration(migrations.Migration):

    dependencies = [
        ("audit", "0002_chain"),
        ("organisations", "0009_directory"),
        ("referrals", "0026_enrolment_keys"),
    ]

    operations = [
        migrations.CreateModel(
            name="EnrolmentCorrection",
            fields=[
                ("id", models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ("presented_on", models.DateField(verbose_name="offre présentée le")),
                ("answer", models.CharField(blank=True, max_length=8, verbose_name="réponse")),
                ("reason", models.CharField(blank=True, max_length=12, verbose_name="raison du refus")),
                ("answered_on", models.DateField(blank=True, null=True, verbose_name="répondu le")),
                ("corrected_at", models.DateTimeField(verbose_name="corrigé le")),
                ("corrected_by", models.UUIDField(verbose_name="par")),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="corrections", to="referrals.enrolment"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation"
                    ),
                ),
            ],
            options={
                "verbose_name": "correction d’une inscription PRADO",
                "indexes": [models.Index(fields=["enrolment", "corrected_at"], name="enrolmentcorrection_history")],
            },
        ),
        migrations.AddIndex(
            model_name="enrolment",
            index=models.Index(
                condition=models.Q(
                    models.Q(("answer", "refused"), _negated=True),
                    ("has_midwife", False),
                    models.Q(
                        models.Q(("answer", ""), _negated=True),
                        models.Q(("eligible", "not_met"), _negated=True),
                        _connector="OR",
                    ),
                ),
                fields=["organisation", "opened_at"],
                name="enrolment_waiting",
            ),
        ),
        ProtectTable("referrals_enrolmentcorrection"),
        JournalTable("referrals_enrolmentcorrection", "id"),
        migrations.RunSQL(CORRECTED, UNCORRECTED),
        migrations.RunSQL(KEPT, _FORMER),
    ]
