"""A right opened by a referral keeps the link: the application follows from it, and the referral goes on as if it did not."""

from importlib import import_module

from django.db import migrations, models

_FORMER = import_module("maillage.cases.migrations.0009_expired").SENT_AGAIN
_SEQUEL = "WHERE l.former_id = former_case AND p.role"

# As before, but that an application which a referral opened is no sequel of it: the demand itself goes on nowhere else.
BESIDE = _FORMER.replace(_SEQUEL, "WHERE l.former_id = former_case AND l.kind <> 'opened' AND p.role")
if _FORMER.count(_SEQUEL) != 1:
    raise ValueError("the function `forward_case` is not the one that this migration knows")

# The link is made where the caller takes part in the referral, on whichever side: for the rest it is `open_case`. Where it does not,
# or not any more, the application is opened all the same, and nothing says whether such a referral exists.
FROM = """
CREATE FUNCTION open_from(
    former_case uuid, new_case uuid, under uuid, case_kind text, is_urgent boolean,
    sender_part uuid, sender_key bytea, recipient_part uuid, recipient_key bytea
) RETURNS timestamptz LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    instant timestamptz;
BEGIN
    instant := open_case(new_case, under, case_kind, is_urgent, sender_part, sender_key, recipient_part, recipient_key);
    INSERT INTO cases_lineage (following_id, former_id, kind, made_at)
    SELECT new_case, p.case_id, 'opened', instant FROM cases_participation p
     WHERE case_kind = 'application' AND p.case_id = former_case AND p.organisation_id = cases_caller()
       AND p.kind = 'referral' AND p.state <> 'cancelled' AND (p.until IS NULL OR p.until > statement_timestamp());
    RETURN instant;
END $$;
REVOKE ALL ON FUNCTION open_from(uuid, uuid, uuid, text, boolean, uuid, bytea, uuid, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION open_from(uuid, uuid, uuid, text, boolean, uuid, bytea, uuid, bytea) TO maillage_app, maillage_worker;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0014_applications'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='lineage',
            name='lineage_kind_known',
        ),
        migrations.AddConstraint(
            model_name='lineage',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['restarted', 'forwarded', 'opened'])), name='lineage_kind_known'),
        ),
        migrations.RunSQL(BESIDE, _FORMER),
        migrations.RunSQL(FROM, "DROP FUNCTION open_from(uuid, uuid, uuid, text, boolean, uuid, bytea, uuid, bytea)"),
    ]
