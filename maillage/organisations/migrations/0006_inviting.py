"""Invitations, and who writes memberships: definer functions that ask whether an administrator acts."""

from django.db import migrations

INVITING = """
-- From here on the web and the jobs only read memberships. Each function below asks whether an administrator acts.

-- One role more, unless she has it already at that time: false, then. A role that was withdrawn on its first day, and is given
-- again the same day, is the same row. For the functions below only.
CREATE FUNCTION organisations_add(new_id uuid, person uuid, body uuid, what text, first date, last date) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM organisations_membership m WHERE m.user_id = person AND m.organisation_id = body AND m.role = what
                  AND m.until IS DISTINCT FROM m.since - 1
                  AND m.since <= coalesce(last, 'infinity') AND coalesce(m.until, 'infinity') >= first) THEN
        RETURN false;
    END IF;
    INSERT INTO organisations_membership AS m (id, user_id, organisation_id, role, since, until)
    VALUES (new_id, person, body, what, first, last)
    ON CONFLICT (user_id, organisation_id, role, since) DO UPDATE SET until = excluded.until;
    RETURN true;
END $$;

-- Giving a role to somebody who has, or had, one in the organisation that acts: nobody attaches somebody else's account.
CREATE FUNCTION give_membership(new_id uuid, person uuid, what text, first date, last date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    body uuid := organisations_administered();
BEGIN
    IF body IS NULL OR NOT EXISTS (SELECT 1 FROM organisations_membership m WHERE m.user_id = person AND m.organisation_id = body) THEN
        RAISE EXCEPTION 'not yours to give' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM 1 FROM organisations_organisation o WHERE o.id = body FOR UPDATE;
    IF NOT organisations_add(new_id, person, body, what, first, last) THEN
        RAISE EXCEPTION 'she has this role already' USING ERRCODE = 'unique_violation';
    END IF;
    PERFORM organisations_note(body, 'membership.give', 'membership', new_id::text);
END $$;

-- Ending a role on a last day, or at once: the last day is then yesterday, wherever one counts. Never the last administrator.
CREATE FUNCTION end_membership(which uuid, last date, at_once boolean) RETURNS date
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    body uuid := organisations_administered();
    today date := organisations_today(body);
    known organisations_membership;
    ending date;
BEGIN
    -- The organisation's row is the lock: two administrators never remove each other at the same instant.
    PERFORM 1 FROM organisations_organisation o WHERE o.id = body FOR UPDATE;
    SELECT * INTO known FROM organisations_membership m WHERE m.id = which AND m.organisation_id = body FOR UPDATE;
    IF body IS NULL OR known.id IS NULL THEN
        RAISE EXCEPTION 'not yours to end' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF known.until < today THEN
        RAISE EXCEPTION 'it has ended' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT at_once AND (last IS NULL OR last < today OR last < known.since) THEN
        RAISE EXCEPTION 'that day is past' USING ERRCODE = 'check_violation';
    END IF;
    ending := CASE WHEN at_once
        THEN greatest(least(today, (statement_timestamp() AT TIME ZONE 'Europe/Paris')::date) - 1, known.since - 1) ELSE last END;
    IF known.role = 'administrator' AND NOT EXISTS (
        SELECT 1 FROM organisations_membership m JOIN organisations_user u ON u.id = m.user_id AND u.is_active
         WHERE m.organisation_id = body AND m.role = 'administrator' AND m.user_id <> known.user_id
           AND m.since <= greatest(ending + 1, today) AND coalesce(m.until, 'infinity') > ending AND coalesce(m.until, 'infinity') >= today) THEN
        RAISE EXCEPTION 'the last administrator stays' USING ERRCODE = 'restrict_violation';
    END IF;
    UPDATE organisations_membership SET until = ending WHERE id = which;
    PERFORM organisations_note(body, 'membership.end', 'membership', which::text);
    RETURN ending;
END $$;

-- Inviting an address; the same answer whether or not it has an account.
CREATE FUNCTION invite(new_id uuid, address text, called text, what text[], first date, last date, link bytea, expiry timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    body uuid := organisations_administered();
BEGIN
    IF body IS NULL THEN
        RAISE EXCEPTION 'not yours to invite' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO organisations_invitation (id, organisation_id, email, full_name, roles, since, until, digest, sendings, made_by, expires_at)
    VALUES (new_id, body, address, called, what, first, last, link, 1, nullif(current_setting('maillage.user', true), '')::uuid, expiry);
    PERFORM organisations_note(body, 'invitation.send', 'invitation', new_id::text);
END $$;

-- Sending again makes another link: the former dies. `number` counts the sendings, this one included; of two at once, one wins.
CREATE FUNCTION invite_again(which uuid, number integer, link bytea, expiry timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    body uuid := organisations_administered();
BEGIN
    IF body IS NULL OR NOT EXISTS (SELECT 1 FROM organisations_invitation i WHERE i.id = which AND i.organisation_id = body) THEN
        RAISE EXCEPTION 'not yours to send' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE organisations_invitation SET digest = link, sendings = number, sent_at = statement_timestamp(), expires_at = expiry
     WHERE id = which AND sendings = number - 1 AND accepted_at IS NULL AND revoked_at IS NULL;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM organisations_note(body, 'invitation.send', 'invitation', which::text);
    RETURN true;
END $$;

CREATE FUNCTION revoke_invitation(which uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    body uuid := organisations_administered();
BEGIN
    IF body IS NULL OR NOT EXISTS (SELECT 1 FROM organisations_invitation i WHERE i.id = which AND i.organisation_id = body) THEN
        RAISE EXCEPTION 'not yours to revoke' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE organisations_invitation SET revoked_at = statement_timestamp(), revoked_by = nullif(current_setting('maillage.user', true), '')::uuid
     WHERE id = which AND accepted_at IS NULL AND revoked_at IS NULL;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM organisations_note(body, 'invitation.revoke', 'invitation', which::text);
    RETURN true;
END $$;

-- What whoever holds a link may know: where it leads while it is open, and else only that it is used, closed or too old.
CREATE FUNCTION invitation_of(link text)
RETURNS TABLE (state text, organisation_name text, address text, called text, what text[], has_account boolean, is_hers boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT s.state, CASE WHEN s.state = 'open' THEN o.name::text END, CASE WHEN s.state = 'open' THEN i.email::text END,
           CASE WHEN s.state = 'open' THEN i.full_name::text END, CASE WHEN s.state = 'open' THEN i.roles::text[] END,
           s.state = 'open' AND EXISTS (SELECT 1 FROM organisations_user u WHERE u.email = i.email),
           CASE s.state WHEN 'accepted' THEN i.accepted_by = me.id
                WHEN 'open' THEN EXISTS (SELECT 1 FROM organisations_user u WHERE u.id = me.id AND u.email = i.email) ELSE false END
      FROM organisations_invitation i JOIN organisations_organisation o ON o.id = i.organisation_id,
           LATERAL (SELECT CASE WHEN i.accepted_at IS NOT NULL THEN 'accepted' WHEN i.revoked_at IS NOT NULL THEN 'revoked'
                                WHEN i.expires_at <= statement_timestamp() THEN 'expired' ELSE 'open' END AS state) s,
           LATERAL (SELECT nullif(current_setting('maillage.user', true), '')::uuid AS id) me
     WHERE i.digest = sha256(convert_to(link, 'UTF8'))
$$;

-- The roles of an invitation, for the functions below only; those that she already has at that time are left as they are.
CREATE FUNCTION organisations_join(which uuid, person uuid) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    known organisations_invitation;
    offered text;
BEGIN
    SELECT * INTO known FROM organisations_invitation i WHERE i.id = which;
    FOREACH offered IN ARRAY known.roles LOOP
        PERFORM organisations_add(gen_random_uuid(), person, known.organisation_id, offered, known.since, known.until);
    END LOOP;
    UPDATE organisations_invitation SET accepted_at = statement_timestamp(), accepted_by = person WHERE id = which;
    PERFORM organisations_note(known.organisation_id, 'invitation.accept', 'invitation', which::text);
END $$;

-- An invitation that is open, locked: of two who accept at once, one waits and finds it used. For the functions below only.
CREATE FUNCTION organisations_open_invitation(link text) RETURNS organisations_invitation LANGUAGE sql
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT i FROM organisations_invitation i
     WHERE i.digest = sha256(convert_to(link, 'UTF8')) AND i.accepted_at IS NULL AND i.revoked_at IS NULL
       AND i.expires_at > statement_timestamp()
       FOR UPDATE
$$;

-- Somebody who has an account and is signed in under the address that was invited. NULL when the link opens nothing to her.
CREATE FUNCTION accept_invitation(link text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    known organisations_invitation := organisations_open_invitation(link);
    me uuid := nullif(current_setting('maillage.user', true), '')::uuid;
BEGIN
    IF known.id IS NULL OR NOT EXISTS (SELECT 1 FROM organisations_user u WHERE u.id = me AND u.email = known.email AND u.is_active) THEN
        RETURN NULL;
    END IF;
    PERFORM organisations_join(known.id, me);
    RETURN known.organisation_id;
END $$;

-- A newcomer: her account is made under the address that was invited, and no other. NULL when the link opens nothing.
CREATE FUNCTION accept_invitation_as_newcomer(link text, new_id uuid, called text, hash text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    known organisations_invitation := organisations_open_invitation(link);
BEGIN
    IF known.id IS NULL OR nullif(current_setting('maillage.user', true), '') IS NOT NULL
       OR EXISTS (SELECT 1 FROM organisations_user u WHERE u.email = known.email) THEN
        RETURN NULL;
    END IF;
    PERFORM set_config('maillage.user', new_id::text, true);
    INSERT INTO organisations_user (id, email, full_name, password, is_active) VALUES (new_id, known.email, called, hash, true);
    PERFORM organisations_join(known.id, new_id);
    PERFORM set_config('maillage.user', '', true);
    RETURN known.organisation_id;
END $$;
REVOKE ALL ON FUNCTION
    give_membership(uuid, uuid, text, date, date),
    end_membership(uuid, date, boolean),
    invite(uuid, text, text, text[], date, date, bytea, timestamptz),
    invite_again(uuid, integer, bytea, timestamptz),
    revoke_invitation(uuid),
    invitation_of(text),
    accept_invitation(text),
    accept_invitation_as_newcomer(text, uuid, text, text),
    organisations_add(uuid, uuid, uuid, text, date, date),
    organisations_join(uuid, uuid),
    organisations_open_invitation(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    give_membership(uuid, uuid, text, date, date),
    end_membership(uuid, date, boolean),
    invite(uuid, text, text, text[], date, date, bytea, timestamptz),
    invite_again(uuid, integer, bytea, timestamptz),
    revoke_invitation(uuid),
    invitation_of(text),
    accept_invitation(text),
    accept_invitation_as_newcomer(text, uuid, text, text) TO maillage_app;
"""
UNDO = """
DROP FUNCTION accept_invitation_as_newcomer(text, uuid, text, text);
DROP FUNCTION accept_invitation(text);
DROP FUNCTION invitation_of(text);
DROP FUNCTION revoke_invitation(uuid);
DROP FUNCTION invite_again(uuid, integer, bytea, timestamptz);
DROP FUNCTION invite(uuid, text, text, text[], date, date, bytea, timestamptz);
DROP FUNCTION end_membership(uuid, date, boolean);
DROP FUNCTION give_membership(uuid, uuid, text, date, date);
DROP FUNCTION organisations_open_invitation(text);
DROP FUNCTION organisations_join(uuid, uuid);
DROP FUNCTION organisations_add(uuid, uuid, uuid, text, date, date);
"""


class Migration(migrations.Migration):

    dependencies = [
        ("organisations", "0005_entering"),
    ]

    operations = [
        migrations.RunSQL(INVITING, UNDO),
    ]
