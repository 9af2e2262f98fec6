"""The door: nobody acts for an organisation before her undertaking is signed and her training dated (row H4)."""

from django.db import migrations

ENTERING = """
-- The day where an organisation works.
CREATE FUNCTION organisations_today(body uuid) RETURNS date LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT (statement_timestamp() AT TIME ZONE o.time_zone)::date FROM organisations_organisation o WHERE o.id = body
$$;
REVOKE ALL ON FUNCTION organisations_today(uuid) FROM PUBLIC;

-- The organisation that acts, when who acts is one of its administrators today; else nothing. For the functions below only.
CREATE FUNCTION organisations_administered() RETURNS uuid LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT m.organisation_id FROM organisations_membership m JOIN organisations_user u ON u.id = m.user_id AND u.is_active
     WHERE m.user_id = nullif(current_setting('maillage.user', true), '')::uuid
       AND m.organisation_id = nullif(current_setting('maillage.organisation', true), '')::uuid AND m.role = 'administrator'
       AND organisations_today(m.organisation_id) BETWEEN m.since AND coalesce(m.until, 'infinity')
     LIMIT 1
$$;
REVOKE ALL ON FUNCTION organisations_administered() FROM PUBLIC;

-- One entry of an organisation's journal, also by somebody who does not act for it yet. The settings come back as they were.
CREATE FUNCTION organisations_note(body uuid, what text, kind text, reference text) RETURNS void LANGUAGE sql
SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO audit_entry (id, organisation_id, user_id, verb, object_type, object_ref, fields, reason)
    VALUES (gen_random_uuid(), body, coalesce(current_setting('maillage.user', true), ''), what, kind, reference, '', '')
$$;
REVOKE ALL ON FUNCTION organisations_note(uuid, text, text, text) FROM PUBLIC;

-- Signing, for oneself, for an organisation where one has a role that has not ended. Twice is once.
CREATE FUNCTION sign_undertaking(new_id uuid, body uuid, text_version text, hash text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me uuid := nullif(current_setting('maillage.user', true), '')::uuid;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM organisations_membership m WHERE m.user_id = me AND m.organisation_id = body
                      AND coalesce(m.until, 'infinity') >= organisations_today(body)) THEN
        RAISE EXCEPTION 'no role there' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO organisations_undertaking (id, user_id, organisation_id, version, text_hash)
    VALUES (new_id, me, body, text_version, hash) ON CONFLICT DO NOTHING;
    IF FOUND THEN
        PERFORM organisations_note(body, 'undertaking.sign', 'undertaking', new_id::text);
    END IF;
END $$;
REVOKE ALL ON FUNCTION sign_undertaking(uuid, uuid, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sign_undertaking(uuid, uuid, text, text) TO maillage_app;

-- Whether an organisation has an administrator today, other than one person, who has signed and whose training is dated.
CREATE FUNCTION organisations_has_another_administrator(body uuid, person uuid) RETURNS boolean LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM organisations_membership m JOIN organisations_user u ON u.id = m.user_id AND u.is_active
         WHERE m.organisation_id = body AND m.user_id <> person AND m.role = 'administrator'
           AND organisations_today(body) BETWEEN m.since AND coalesce(m.until, 'infinity')
           AND EXISTS (SELECT 1 FROM organisations_undertaking s WHERE s.user_id = m.user_id AND s.organisation_id = body)
           AND EXISTS (SELECT 1 FROM organisations_training t WHERE t.user_id = m.user_id AND t.organisation_id = body))
$$;
REVOKE ALL ON FUNCTION organisations_has_another_administrator(uuid, uuid) FROM PUBLIC;

-- Whether the signed-in person may record her own training: she administers, and nobody else is there to do it.
CREATE FUNCTION may_record_own_training(body uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM organisations_membership m
                    WHERE m.user_id = nullif(current_setting('maillage.user', true), '')::uuid
                      AND m.organisation_id = body AND m.role = 'administrator'
                      AND organisations_today(body) BETWEEN m.since AND coalesce(m.until, 'infinity'))
       AND NOT organisations_has_another_administrator(body, nullif(current_setting('maillage.user', true), '')::uuid)
$$;
REVOKE ALL ON FUNCTION may_record_own_training(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION may_record_own_training(uuid) TO maillage_app;

-- Recording a training: an administrator for the people of her organisation; an organisation's only administrator for herself.
CREATE FUNCTION record_training(new_id uuid, person uuid, body uuid, day date, what text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me uuid := nullif(current_setting('maillage.user', true), '')::uuid;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM organisations_membership m WHERE m.user_id = person AND m.organisation_id = body)
       OR NOT coalesce(body = organisations_administered() OR (person = me AND may_record_own_training(body)), false) THEN
        RAISE EXCEPTION 'not yours to record' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF day > organisations_today(body) THEN
        RAISE EXCEPTION 'a training that has not taken place' USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO organisations_training (id, user_id, organisation_id, done_on, title, recorded_by)
    VALUES (new_id, person, body, day, what, me) ON CONFLICT DO NOTHING;
    IF FOUND THEN
        PERFORM organisations_note(body, 'training.record', 'training', new_id::text);
    END IF;
END $$;
REVOKE ALL ON FUNCTION record_training(uuid, uuid, uuid, date, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION record_training(uuid, uuid, uuid, date, text) TO maillage_app;

-- The one query that opens a request. An organisation is acted for only with the text of the day signed and a training dated
-- (since `trained_since` where trainings lapse): without both, its rows come back, and the context stays empty.
CREATE FUNCTION organisations_enter(who uuid, wanted uuid, on_day date, text_version text, trained_since date)
RETURNS TABLE (organisation uuid, name text, kind text, departement text, time_zone text, role text, chosen boolean,
               signed boolean, trained boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    acting uuid;
BEGIN
    PERFORM set_config('maillage.user', coalesce(who::text, ''), true);
    SELECT m.organisation_id INTO acting
      FROM organisations_membership m JOIN organisations_organisation o ON o.id = m.organisation_id
      JOIN organisations_user u ON u.id = m.user_id AND u.is_active
     WHERE m.user_id = who AND m.since <= on_day AND (m.until IS NULL OR m.until >= on_day)
       AND EXISTS (SELECT 1 FROM organisations_undertaking s
                    WHERE s.user_id = who AND s.organisation_id = m.organisation_id AND s.version = text_version)
       AND EXISTS (SELECT 1 FROM organisations_training t
                    WHERE t.user_id = who AND t.organisation_id = m.organisation_id AND t.done_on <= on_day
                      AND (trained_since IS NULL OR t.done_on >= trained_since))
     ORDER BY (m.organisation_id = wanted) DESC NULLS LAST, o.sort_name, o.id
     LIMIT 1;
    PERFORM set_config('maillage.organisation', coalesce(acting::text, ''), true);
    RETURN QUERY
    SELECT o.id, o.name::text, o.kind::text, o.departement::text, o.time_zone::text, m.role::text, coalesce(o.id = acting, false),
           EXISTS (SELECT 1 FROM organisations_undertaking s
                    WHERE s.user_id = who AND s.organisation_id = o.id AND s.version = text_version),
           EXISTS (SELECT 1 FROM organisations_training t
                    WHERE t.user_id = who AND t.organisation_id = o.id AND t.done_on <= on_day
                      AND (trained_since IS NULL OR t.done_on >= trained_since))
      FROM organisations_membership m JOIN organisations_organisation o ON o.id = m.organisation_id
      JOIN organisations_user u ON u.id = m.user_id AND u.is_active
     WHERE m.user_id = who AND m.since <= on_day AND (m.until IS NULL OR m.until >= on_day)
     ORDER BY o.sort_name, o.id, m.role;
END $$;
REVOKE ALL ON FUNCTION organisations_enter(uuid, uuid, date, text, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION organisations_enter(uuid, uuid, date, text, date) TO maillage_app, maillage_worker;
"""
UNDO = """
DROP FUNCTION organisations_enter(uuid, uuid, date, text, date);
DROP FUNCTION record_training(uuid, uuid, uuid, date, text);
DROP FUNCTION may_record_own_training(uuid);
DROP FUNCTION organisations_has_another_administrator(uuid, uuid);
DROP FUNCTION sign_undertaking(uuid, uuid, text, text);
DROP FUNCTION organisations_note(uuid, text, text, text);
DROP FUNCTION organisations_administered();
DROP FUNCTION organisations_today(uuid);
"""

class Migration(migrations.Migration):

    dependencies = [
        ("organisations", "0004_network"),
    ]

    operations = [
        migrations.RunSQL(ENTERING, UNDO),
    ]
