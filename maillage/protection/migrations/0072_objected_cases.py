"""Nothing is done by an organisation with a case whose person's objection it granted: the database says so, whatever asks (GDPR art. 21)."""

from django.db import migrations

WALL = """
-- Whether the caller granted an objection to the flow of this case, of the person who is in it: by the digests of its own index. What
-- came to it on such a flow and waits to be indexed may be hers: nothing is done with it before one knows, a minute later.
CREATE FUNCTION protection_objected(of_case uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM beneficiaries_objection o JOIN cases_case c ON c.id = of_case
         WHERE o.organisation_id = cases_caller() AND o.lifted_at IS NULL AND o.service = c.service
           AND o.counterpart_id IN (c.sender_id, c.caisse_id)
           AND (EXISTS (SELECT 1 FROM beneficiaries_blindindex b
                         WHERE b.organisation_id = o.organisation_id AND b.case_id = c.id AND b.digest = ANY (o.digests))
                OR c.caisse_id = o.organisation_id AND EXISTS (
                    SELECT 1 FROM beneficiaries_waiting w WHERE w.organisation_id = o.organisation_id AND w.case_id = c.id)))
$$;
-- What ends a case stays open, and so does what the law decides by its silence: the worker's.
CREATE FUNCTION protection_while_objected() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF session_user = 'maillage_app' AND NEW IS DISTINCT FROM OLD AND protection_objected(NEW.case_id) THEN
        RAISE EXCEPTION 'the person objected to this' USING ERRCODE = 'MF021';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION protection_objected(uuid), protection_while_objected() FROM PUBLIC;
"""
WHEN = {
    "referrals_referral": "UPDATE ON {0} FOR EACH ROW WHEN (NEW.state IN ('accepted', 'paused') AND NEW.state <> OLD.state)",
    "rights_application": "UPDATE ON {0} FOR EACH ROW WHEN (NEW.state IN ('complete', 'incomplete', 'granted') AND NEW.state <> OLD.state)",
    "secondments_appointment": "UPDATE ON {0} FOR EACH ROW WHEN (NEW.state = 'held' AND NEW.state <> OLD.state OR NEW.starts_at <> OLD.starts_at)",
    **dict.fromkeys(
        (
            "referrals_contactattempt", "referrals_casequestion", "referrals_forwarding", "referrals_assessment", "referrals_plannedaction",
            "rights_piece",
        ),
        "INSERT ON {0} FOR EACH ROW",
    ),
    "rights_piecerequest": "INSERT OR UPDATE ON {0} FOR EACH ROW",
}
"""On each table, what uses her data rather than ends her case."""
RAISED = "".join(
    f"CREATE TRIGGER while_objected BEFORE {when.format(table)} EXECUTE FUNCTION protection_while_objected();\n"
    for table, when in WHEN.items()
)
LOWERED = "".join(f"DROP TRIGGER while_objected ON {table};\n" for table in WHEN)
UNDO = "DROP FUNCTION protection_while_objected();\nDROP FUNCTION protection_objected(uuid);"


class Migration(migrations.Migration):

    dependencies = [
        ('protection', '0071_begun_searched'),
        ('beneficiaries', '0008_objection_sealed'),
        ('referrals', '0032_answers_counted'),
        ('rights', '0008_counted_in_time'),
        ('secondments', '0003_hours'),
    ]

    operations = [
        migrations.RunSQL(WALL, UNDO),
        migrations.RunSQL(RAISED, LOWERED),
    ]
