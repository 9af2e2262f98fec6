"""Hand-overs of many cases, and the cases of each. One is undone once, by the database's clock."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

import maillage.core.identifiers
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

GUARD = """
CREATE FUNCTION referrals_undone_in_time() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    undone text[] := '{undone_at,undone_by}';
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.undone_at IS NOT NULL THEN
            RAISE EXCEPTION 'done before it is undone' USING ERRCODE = 'restrict_violation';
        END IF;
    ELSIF to_jsonb(NEW) - undone <> to_jsonb(OLD) - undone OR OLD.undone_at IS NOT NULL
        OR statement_timestamp() >= OLD.undone_before THEN
        RAISE EXCEPTION 'undone once, within the day' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION referrals_undone_in_time() FROM PUBLIC;
CREATE TRIGGER undone_in_time BEFORE INSERT OR UPDATE ON referrals_bulkhandover
    FOR EACH ROW EXECUTE FUNCTION referrals_undone_in_time();
"""
UNDO = """
DROP TRIGGER undone_in_time ON referrals_bulkhandover;
DROP FUNCTION referrals_undone_in_time();
"""
_ID = models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)


def _to(model: str, related: str = "+", **options: bool) -> models.ForeignKey:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name=related, to=model, **options)


class Migration(migrations.Migration):

    dependencies = [
        ("organisations", "0009_directory"),
        ("cases", "0010_listed"),
        ("referrals", "0016_saved_views"),
    ]

    operations = [
        migrations.CreateModel(
            name="BulkHandOver",
            fields=[
                ("id", _ID),
                ("giver", models.UUIDField(verbose_name="de")),
                ("taker", models.UUIDField(verbose_name="à")),
                ("done_at", models.DateTimeField(verbose_name="fait le")),
                ("done_by", models.UUIDField(verbose_name="par")),
                ("undone_before", models.DateTimeField(verbose_name="annulable jusqu’à")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="annulée le")),
                ("undone_by", models.UUIDField(blank=True, null=True)),
                ("organisation", _to("organisations.organisation")),
            ],
            options={
                "verbose_name": "remise de dossiers en nombre",
                "indexes": [models.Index(fields=["organisation", "giver", "-done_at"], name="bulkhandover_giver")],
                "constraints": [
                    models.CheckConstraint(condition=~Q(giver=F("taker")), name="bulkhandover_two_people", violation_error_message="On ne se remet pas à soi-même ses dossiers."),
                    models.CheckConstraint(condition=Q(undone_before__gt=F("done_at")), name="bulkhandover_undone_later", violation_error_message="Une remise s’annule après avoir été faite."),
                    models.CheckConstraint(
                        condition=Q(undone_at__isnull=True, undone_by__isnull=True) | Q(undone_at__isnull=False, undone_by__isnull=False, undone_at__lt=F("undone_before")),
                        name="bulkhandover_undone_in_the_day", violation_error_message="Une remise s’annule le jour même, par quelqu’un.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandedCase",
            fields=[
                ("id", _ID),
                ("organisation", _to("organisations.organisation")),
                ("hand_over", _to("referrals.bulkhandover", "handed")),
                ("case", _to("cases.case")),
                ("ended", _to("cases.following")),
                ("begun", _to("cases.following", blank=True, null=True)),
            ],
            options={
                "verbose_name": "dossier remis",
                "constraints": [models.UniqueConstraint(fields=("hand_over", "case"), name="handedcase_once", violation_error_message="Ce dossier est déjà dans cette remise.")],
            },
        ),
        ProtectTable("referrals_bulkhandover"),
        JournalTable("referrals_bulkhandover"),
        ProtectTable("referrals_handedcase"),
        migrations.RunSQL(GUARD, UNDO),
    ]
