"""A contact of a contract is found, given and erased on her request: her rows are noted on the file, and go as at the end of their days."""

from importlib import import_module

import django.contrib.postgres.fields
from django.db import migrations, models

_GUARDS = import_module("maillage.protection.migrations.0003_requests").GUARDS
_HEAD, _END = "CREATE FUNCTION protection_file_stays()", "END $$;\n"
_FORMER = _HEAD + _GUARDS.partition(_HEAD)[2].partition(_END)[0] + _END

# Her contacts too are the organisation's own: a referent that it named, somebody of its own who follows trainings.
_REFUSED = "        RAISE EXCEPTION 'of a request and of cases of its own'"
FILE = (
    _FORMER.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    .replace("check_made,cases,searched_at", "check_made,cases,contacts,searched_at")
    .replace(
        "(mine.until IS NULL OR mine.until > now()))) THEN\n" + _REFUSED,
        """(mine.until IS NULL OR mine.until > now())))
        OR (TG_OP = 'INSERT' OR NEW.contacts <> OLD.contacts) AND EXISTS (
            SELECT 1 FROM unnest(NEW.contacts) one
             WHERE NOT EXISTS (SELECT 1 FROM conventions_referent r WHERE r.id = one AND r.organisation_id = NEW.organisation_id)
               AND NOT EXISTS (SELECT 1 FROM training_attendee a WHERE a.id = one AND a.organisation_id = NEW.organisation_id)) THEN
"""
        + _REFUSED.replace("and of cases of its own", "and of cases and contacts of its own"),
    )
)
FILE_FORMER = _FORMER.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")

ERASING = """
-- Why a contact still serves: a tenure that runs, its box in one that does, a place in a session to come. Null where nothing needs her.
CREATE FUNCTION protection_contact_needed(of_contact uuid) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    WITH running AS (
        SELECT o.id = of_contact AS is_hers
          FROM conventions_referent r
          JOIN conventions_referent o
            ON o.organisation_id = r.organisation_id AND (o.id = r.id OR r.mailbox <> '' AND lower(o.mailbox) = lower(r.mailbox))
          JOIN conventions_convention c ON c.id = o.convention_id
         WHERE r.id = of_contact AND c.state <> 'ended'
           AND (o.until IS NULL OR o.until >= (statement_timestamp() AT TIME ZONE c.time_zone)::date))
    SELECT CASE WHEN EXISTS (SELECT 1 FROM running WHERE is_hers) THEN 'post'
                WHEN EXISTS (SELECT 1 FROM running) THEN 'box'
                WHEN EXISTS (SELECT 1 FROM training_registration r JOIN training_session s ON s.id = r.session_id
                              WHERE r.attendee_id = of_contact AND r.state <> 'withdrawn' AND s.state = 'planned'
                                AND s.ends_at > statement_timestamp()) THEN 'session' END
$$;

-- The same of the caller's own contacts, each that is needed.
CREATE FUNCTION protection_contacts_needed(chosen uuid[]) RETURNS TABLE (contact uuid, needed text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT found.id, protection_contact_needed(found.id)
      FROM (SELECT r.id FROM conventions_referent r WHERE r.id = ANY (chosen) AND r.organisation_id = cases_caller()
            UNION ALL
            SELECT a.id FROM training_attendee a WHERE a.id = ANY (chosen) AND a.organisation_id = cases_caller()) found
     WHERE protection_contact_needed(found.id) IS NOT NULL
$$;

-- Erases the contacts noted on the caller's own file of a request for erasure, while it is open, that nothing needs: as
-- `protection_forget_referents` and `protection_forget_attendees` do. The file no longer names them.
CREATE FUNCTION protection_erase_contacts(of_file uuid) RETURNS TABLE (kind text, gone bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    chosen uuid[];
    referents bigint;
    attendees bigint;
BEGIN
    SELECT ARRAY(SELECT one FROM unnest(f.contacts) one WHERE protection_contact_needed(one) IS NULL) INTO chosen
      FROM protection_requestfile f JOIN protection_rightsrequest r ON r.id = f.request_id
     WHERE f.id = of_file AND f.organisation_id = cases_caller() AND f.state = 'asked' AND f.check_made <> 'pending'
       AND 'erasure' = ANY (r.rights)
       FOR UPDATE OF f;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'of an open request for erasure of its own' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE protection_requestfile f SET contacts = ARRAY(SELECT one FROM unnest(f.contacts) one WHERE one <> ALL (chosen))
     WHERE f.id = of_file AND f.contacts && chosen;
    UPDATE conventions_referent d SET function = 'Contact effacé', mailbox = '', phone = '—'
     WHERE d.id = ANY (chosen) AND d.organisation_id = cases_caller() AND d.function <> 'Contact effacé';
    GET DIAGNOSTICS referents = ROW_COUNT;
    WITH mine AS (
        SELECT a.id, EXISTS (SELECT 1 FROM training_registration r WHERE r.attendee_id = a.id)
                  OR EXISTS (SELECT 1 FROM training_presence p WHERE p.attendee_id = a.id) AS hangs
          FROM training_attendee a
         WHERE a.id = ANY (chosen) AND a.organisation_id = cases_caller() AND a.name <> 'Personne effacée' FOR UPDATE OF a
    ), emptied AS (
        UPDATE training_attendee d
           SET name = 'Personne effacée', sort_name = 'personne effacee', function = 'Contact effacé', email = ''
          FROM mine WHERE d.id = mine.id AND mine.hangs RETURNING d.id
    ), deleted AS (
        DELETE FROM training_attendee d USING mine WHERE d.id = mine.id AND NOT mine.hangs RETURNING d.id
    )
    SELECT (SELECT count(*) FROM emptied) + (SELECT count(*) FROM deleted) INTO attendees;
    RETURN QUERY SELECT * FROM (VALUES ('referent', referents), ('attendee', attendees)) said (kind, gone) WHERE said.gone > 0;
END $$;
REVOKE ALL ON FUNCTION protection_contact_needed(uuid), protection_contacts_needed(uuid[]), protection_erase_contacts(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION protection_contacts_needed(uuid[]), protection_erase_contacts(uuid) TO maillage_app, maillage_worker;
"""
UNDO_ERASING = """
DROP FUNCTION protection_erase_contacts(uuid);
DROP FUNCTION protection_contacts_needed(uuid[]);
DROP FUNCTION protection_contact_needed(uuid);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('conventions', '0017_erased_contacts'),
        ('protection', '0011_grounds'),
        ('training', '0005_proofs_known'),
    ]

    operations = [
        migrations.AddField(
            model_name='requestfile',
            name='contacts',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None, verbose_name='contacts'),
        ),
        migrations.RunSQL(
            "ALTER TABLE protection_requestfile ALTER COLUMN contacts SET DEFAULT '{}'",  # `protection_ask` opens files without any
            "ALTER TABLE protection_requestfile ALTER COLUMN contacts DROP DEFAULT",
        ),
        migrations.AddField(
            model_name='rightoutcome',
            name='done',
            field=models.CharField(blank=True, db_default='', default='', max_length=2000, verbose_name='ce qui est fait'),
        ),
        migrations.RemoveConstraint(
            model_name='requestfile',
            name='requestfile_nothing_is_no_case',
        ),
        migrations.AddConstraint(
            model_name='requestfile',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'refused']), models.Q(('cases__len', 0), ('contacts__len', 0), ('state', 'nothing')), ('state', 'answered'), _connector='OR'), name='requestfile_nothing_is_no_case'),
        ),
        migrations.RunSQL(FILE, FILE_FORMER),
        migrations.RunSQL(ERASING, UNDO_ERASING),
    ]
