"""A case that follows from another: who may open one, and who knows of the link. A referral may be redirected."""

import django.db.models.deletion
from django.db import migrations, models

from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

# The caller takes part in the former case: as its sender once it is redirected, as its recipient while it is worked. For the
# rest it is `open_case`. The former case is locked: of two sequels at once the second sees the first, and is refused.
FORWARDING = """
CREATE FUNCTION forward_case(
    former_case uuid, new_case uuid, under uuid, case_kind text, is_urgent boolean,
    sender_part uuid, sender_key bytea, recipient_part uuid, recipient_key bytea
) RETURNS timestamptz LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    mine cases_participation;
    instant timestamptz;
BEGIN
    PERFORM 1 FROM cases_case c
     WHERE c.id = former_case AND c.kind = case_kind
       AND EXISTS (SELECT 1 FROM cases_participation p WHERE p.case_id = c.id AND p.organisation_id = cases_caller()
                    AND (p.until IS NULL OR p.until > statement_timestamp()))
       FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such case' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT p.* INTO mine FROM cases_participation p
     WHERE p.case_id = former_case AND p.organisation_id = cases_caller();
    IF NOT coalesce(mine.role = 'recipient' AND mine.state IN ('acknowledged', 'accepted', 'paused')
                    OR mine.role = 'sender' AND mine.state IN ('redirected'), false) THEN
        RAISE EXCEPTION 'nothing follows from a case in this state' USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    -- Whoever works it forwards it under the convention by which it came, and never back.
    IF mine.role = 'recipient' AND NOT EXISTS (
        SELECT 1 FROM cases_authorisation a JOIN cases_case c ON c.id = former_case
         WHERE a.id = under AND a.convention_id = c.convention_id AND a.recipient_id <> c.sender_id) THEN
        RAISE EXCEPTION 'no such authorisation' USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- The sender sends it again once; whoever works it forwards it once to each service, unless that came to nothing.
    IF EXISTS (SELECT 1 FROM cases_lineage l
                 JOIN cases_participation p ON p.case_id = l.following_id AND p.organisation_id = mine.organisation_id
                 JOIN cases_case c ON c.id = l.following_id
                WHERE l.former_id = former_case AND p.role = 'sender' AND p.closed_at IS NULL
                  AND (mine.role = 'sender' OR c.authorisation_id = under)) THEN
        RAISE EXCEPTION 'its sequel is under way' USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    instant := open_case(new_case, under, case_kind, is_urgent, sender_part, sender_key, recipient_part, recipient_key);
    INSERT INTO cases_lineage (following_id, former_id, kind, made_at)
    VALUES (new_case, former_case, CASE mine.role WHEN 'sender' THEN 'restarted' ELSE 'forwarded' END, instant);
    RETURN instant;
END $$;
REVOKE ALL ON FUNCTION forward_case(uuid, uuid, uuid, text, boolean, uuid, bytea, uuid, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forward_case(uuid, uuid, uuid, text, boolean, uuid, bytea, uuid, bytea)
    TO maillage_app, maillage_worker;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_working")]

    operations = [
        # Never written: whoever received the new case would have read the id of the former one.
        migrations.RemoveField("case", "forwarded_from"),
        migrations.CreateModel(
            name="Lineage",
            fields=[
                (
                    "following",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="lineage",
                        serialize=False,
                        to="cases.case",
                        verbose_name="suite",
                    ),
                ),
                ("kind", models.CharField(max_length=10, verbose_name="nature")),
                ("made_at", models.DateTimeField(verbose_name="le")),
                (
                    "former",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sequels",
                        to="cases.case",
                        verbose_name="dossier d’origine",
                    ),
                ),
            ],
            options={
                "verbose_name": "suite d’un dossier",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["restarted", "forwarded"])), name="lineage_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("following", models.F("former")), _negated=True),
                        name="lineage_two_cases",
                    ),
                ],
            },
        ),
        ProtectTable("cases_lineage"),
        JournalTable("cases_lineage", "following_id"),
        migrations.RunSQL(
            FORWARDING,
            "DROP FUNCTION forward_case(uuid, uuid, uuid, text, boolean, uuid, bytea, uuid, bytea)",
        ),
        migrations.RemoveConstraint("participation", "participation_state_known"),
        migrations.AddConstraint(
            "participation",
            models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "sent",
                            "acknowledged",
                            "accepted",
                            "paused",
                            "closed",
                            "refused",
                            "withdrawn",
                            "cancelled",
                            "redirected",
                            "booked",
                            "held",
                            "missed",
                        ],
                    )
                ),
                name="participation_state_known",
            ),
        ),
    ]
