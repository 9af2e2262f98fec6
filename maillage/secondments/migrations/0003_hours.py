"""What PostgreSQL holds besides: an authorisation of appointments, the hours of a permanence, one agent in one place at a time."""

from django.db import migrations, models

HOURS = """
-- Whether the signed texts say that one meets a seconded agent under this flow: in the text, or in a signed avenant.
CREATE FUNCTION secondments_is_of_appointments(of_convention uuid, flow text) RETURNS boolean LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    WITH base AS (
        SELECT v.terms FROM conventions_termsversion v WHERE v.convention_id = of_convention ORDER BY v.number DESC LIMIT 1
    ), change AS (
        SELECT c ->> 'path' AS path, c -> 'value' AS value
          FROM conventions_amendment a CROSS JOIN LATERAL jsonb_array_elements(a.changes) c
         WHERE a.convention_id = of_convention AND a.state = 'signed'
    )
    SELECT EXISTS (SELECT 1 FROM base CROSS JOIN LATERAL jsonb_array_elements(base.terms -> 'services') s
                    WHERE s #>> '{secondment,flow}' = flow)
        OR EXISTS (SELECT 1 FROM change CROSS JOIN LATERAL jsonb_array_elements(
                       CASE jsonb_typeof(value) WHEN 'array' THEN value ELSE jsonb_build_array(value) END) s
                    WHERE path ~ '^services(\\[[^]]+\\])?$' AND s #>> '{secondment,flow}' = flow)
        OR EXISTS (SELECT 1 FROM change WHERE path ~ '^services\\[[^]]+\\]\\.secondment$' AND value ->> 'flow' = flow)
        OR EXISTS (SELECT 1 FROM change WHERE path ~ '^services\\[[^]]+\\]\\.secondment\\.flow$' AND value #>> '{}' = flow)
$$;

CREATE FUNCTION secondments_under_its_clause() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM cases_authorisation a WHERE a.id = NEW.authorisation_id
                      AND secondments_is_of_appointments(a.convention_id, a.flow_key)) THEN
        RAISE EXCEPTION 'no appointments under this authorisation' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER of_appointments BEFORE INSERT ON secondments_secondment
    FOR EACH ROW EXECUTE FUNCTION secondments_under_its_clause();

-- The day on which a permanence is first held.
CREATE FUNCTION secondments_first_day(held secondments_permanence) RETURNS date LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT held.since + (held.weekday + 8 - extract(isodow FROM held.since)::int) % 7
$$;

-- Whether a permanence offers this slot: as `rules.slots` cuts it, an hour that comes twice giving those of its first time.
CREATE FUNCTION secondments_offers(held secondments_permanence, zone text, begins timestamptz, finishes timestamptz)
RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT first.day <= at.day AND (at.day - first.day) % (7 * held.every) = 0 AND at.day <= coalesce(held.until, 'infinity')
       AND finishes - begins = make_interval(mins => held.minutes)
       AND at.starts >= at.day + held.starts AND at.ends <= at.day + held.ends
       AND extract(epoch FROM at.starts - (at.day + held.starts))::int % (60 * held.minutes) = 0
       AND at.starts <> (begins - interval '1 hour') AT TIME ZONE zone
      FROM (SELECT secondments_first_day(held) AS day) first,
           (SELECT (begins AT TIME ZONE zone)::date AS day, begins AT TIME ZONE zone AS starts, finishes AT TIME ZONE zone AS ends) at
$$;

-- Hours nobody holds are refused as those that somebody took: the answer is another slot.
CREATE FUNCTION secondments_within_hours() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    held secondments_secondment;
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.starts_at, NEW.ends_at) IS NOT DISTINCT FROM (OLD.starts_at, OLD.ends_at) THEN
        RETURN NEW;
    END IF;
    SELECT * INTO held FROM secondments_secondment s WHERE s.id = NEW.secondment_id;  -- locked by the trigger before
    IF NEW.ends_at > NEW.starts_at AND NOT EXISTS (
        SELECT 1 FROM secondments_permanence p
         WHERE p.secondment_id = held.id AND secondments_offers(p, held.time_zone, NEW.starts_at, NEW.ends_at)) THEN
        RAISE EXCEPTION 'no permanence has these hours' USING ERRCODE = 'exclusion_violation';
    END IF;
    PERFORM pg_advisory_xact_lock(7301, hashtext(held.agent_id::text));
    IF EXISTS (SELECT 1 FROM secondments_secondment o JOIN secondments_appointment a ON a.secondment_id = o.id
                WHERE o.agent_id = held.agent_id AND o.id <> held.id AND a.state <> 'cancelled'
                  AND a.starts_at < NEW.ends_at AND a.ends_at > NEW.starts_at) THEN
        RAISE EXCEPTION 'the agent is elsewhere' USING ERRCODE = 'exclusion_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER within_hours BEFORE INSERT OR UPDATE ON secondments_appointment
    FOR EACH ROW EXECUTE FUNCTION secondments_within_hours();

-- The hours of a permanence as instants, from a day on, for so many weeks, none after the last day given.
CREATE FUNCTION secondments_hours(held secondments_permanence, zone text, since date, weeks integer, last date)
RETURNS SETOF tstzrange LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT tstzrange(at.starts, at.ends)
      FROM (SELECT secondments_first_day(held) AS day, 7 * held.every AS days) first,
           generate_series(greatest(0, (since - first.day + first.days - 1) / first.days),
                           (since + 7 * weeks - first.day) / first.days) turn,
           LATERAL (SELECT first.day + turn * first.days AS day) held_on,
           LATERAL (SELECT (held_on.day + held.starts) AT TIME ZONE zone AS starts, (held_on.day + held.ends) AT TIME ZONE zone AS ends) at
     WHERE held_on.day <= coalesce(least(held.until, last), 'infinity') AND at.starts < at.ends
$$;

-- Whether the agent of a secondment is promised elsewhere at hours of its own: permanences of both, week against week (two
-- rhythms of four weeks at most come round together within sixteen; on two clocks a year goes by), and what is booked already.
CREATE FUNCTION secondments_elsewhere(mine uuid) RETURNS boolean LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    WITH side AS (
        SELECT s.*, a.open_during FROM secondments_secondment s JOIN cases_authorisation a ON a.id = s.authorisation_id
         WHERE s.agent_id = (SELECT m.agent_id FROM secondments_secondment m WHERE m.id = mine)
    ), pair AS (
        SELECT a.id AS here, b.id AS there, a.time_zone AS zone, b.time_zone AS other_zone, a.until AS last, b.until AS other_last,
               a.open_during AS during, b.open_during AS other_during, greatest(a.since, b.since, organisations_today(a.caisse_id)) AS since
          FROM side a JOIN side b ON b.id <> a.id WHERE mine IN (a.id, b.id)
    )
    SELECT EXISTS (
        SELECT 1 FROM pair JOIN secondments_permanence p ON p.secondment_id = pair.here
          JOIN secondments_permanence q ON q.secondment_id = pair.there
          CROSS JOIN LATERAL (SELECT greatest(pair.since, p.since, q.since) - 1 AS since,
                                     CASE WHEN pair.zone = pair.other_zone THEN 17 ELSE 70 END AS weeks) seen
          CROSS JOIN LATERAL secondments_hours(p, pair.zone, seen.since, seen.weeks, pair.last) x
          JOIN LATERAL secondments_hours(q, pair.other_zone, seen.since, seen.weeks, pair.other_last) y ON x && y
         WHERE pair.here = mine AND upper(x) > statement_timestamp()
           AND lower(x) <@ pair.during AND lower(y) <@ pair.other_during
    ) OR EXISTS (
        SELECT 1 FROM pair JOIN secondments_permanence p ON p.secondment_id = pair.here
          JOIN secondments_appointment a ON a.secondment_id = pair.there AND a.state = 'booked' AND a.ends_at > statement_timestamp()
          CROSS JOIN LATERAL secondments_hours(p, pair.zone, (a.starts_at AT TIME ZONE pair.zone)::date, 0, pair.last) x
         WHERE x && tstzrange(a.starts_at, a.ends_at) AND lower(x) <@ pair.during
    ) OR EXISTS (
        SELECT 1 FROM pair JOIN secondments_appointment a ON a.secondment_id = pair.here AND a.state = 'booked'
          JOIN secondments_appointment b ON b.secondment_id = pair.there AND b.state = 'booked'
           AND b.starts_at < a.ends_at AND b.ends_at > a.starts_at
         WHERE pair.here = mine AND a.ends_at > statement_timestamp()
    )
$$;

-- One agent, one place at a time. Whoever promises her takes her lock first, so that of two promises one sees the other.
CREATE FUNCTION secondments_one_place() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    mine uuid := CASE TG_TABLE_NAME WHEN 'secondments_secondment' THEN to_jsonb(NEW) ->> 'id' ELSE to_jsonb(NEW) ->> 'secondment_id' END;
    agent uuid;
BEGIN
    SELECT s.agent_id INTO agent FROM secondments_secondment s WHERE s.id = mine FOR NO KEY UPDATE;
    PERFORM pg_advisory_xact_lock(7301, hashtext(agent::text));
    IF secondments_elsewhere(mine) THEN
        RAISE EXCEPTION 'the agent is elsewhere' USING ERRCODE = 'exclusion_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER one_place AFTER INSERT ON secondments_permanence FOR EACH ROW EXECUTE FUNCTION secondments_one_place();
CREATE TRIGGER one_place_longer AFTER UPDATE ON secondments_permanence FOR EACH ROW
    WHEN (OLD.until < coalesce(NEW.until, 'infinity')) EXECUTE FUNCTION secondments_one_place();
CREATE TRIGGER one_place AFTER UPDATE ON secondments_secondment FOR EACH ROW
    WHEN (OLD.agent_id <> NEW.agent_id OR OLD.until < coalesce(NEW.until, 'infinity')) EXECUTE FUNCTION secondments_one_place();

REVOKE ALL ON FUNCTION secondments_is_of_appointments(uuid, text), secondments_under_its_clause(),
    secondments_first_day(secondments_permanence), secondments_offers(secondments_permanence, text, timestamptz, timestamptz),
    secondments_within_hours(), secondments_hours(secondments_permanence, text, date, integer, date), secondments_elsewhere(uuid),
    secondments_one_place() FROM PUBLIC;
"""

UNDO = """
DROP TRIGGER one_place ON secondments_secondment;
DROP TRIGGER one_place_longer ON secondments_permanence;
DROP TRIGGER one_place ON secondments_permanence;
DROP FUNCTION secondments_one_place();
DROP FUNCTION secondments_elsewhere(uuid);
DROP FUNCTION secondments_hours(secondments_permanence, text, date, integer, date);
DROP TRIGGER within_hours ON secondments_appointment;
DROP FUNCTION secondments_within_hours();
DROP FUNCTION secondments_offers(secondments_permanence, text, timestamptz, timestamptz);
DROP FUNCTION secondments_first_day(secondments_permanence);
DROP TRIGGER of_appointments ON secondments_secondment;
DROP FUNCTION secondments_under_its_clause();
DROP FUNCTION secondments_is_of_appointments(uuid, text);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("secondments", "0002_guards"),
        ("conventions", "0004_guards"),
    ]

    operations = [
        migrations.AddIndex("secondment", models.Index(fields=["agent_id"], name="secondment_agent")),
        migrations.RunSQL(HOURS, UNDO),
    ]
