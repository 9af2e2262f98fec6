"""What a mistake or an injection inside one party's context cannot do: parents of others, rewritten texts, invented clocks."""

from django.db import migrations

# A child names its convention and a parent that has one: both must be the same. Checked at once, not at commit.
PARENTS = {
    "delivery": ("event_id", "event"),
    "signature": ("amendment_id", "amendment"),
    "obligationmark": ("answers_id", "obligationmark"),
}

TEXTS = """
-- A hash names one text: other terms under a hash that stands already would keep the signatures given to it.
CREATE FUNCTION conventions_one_hash_one_text() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM conventions_termsversion v
                WHERE v.convention_id = NEW.convention_id AND v.content_hash = NEW.content_hash AND v.terms <> NEW.terms) THEN
        RAISE EXCEPTION 'another text has this hash' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER one_hash_one_text BEFORE INSERT ON conventions_termsversion
    FOR EACH ROW EXECUTE FUNCTION conventions_one_hash_one_text();

-- The same of an avenant: what is signed changes with its hash, and the number stays.
CREATE FUNCTION conventions_amendment_hash() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF NEW.number <> OLD.number OR (NEW.content_hash = OLD.content_hash
        AND (NEW.changes, NEW.effect_on, NEW.title) IS DISTINCT FROM (OLD.changes, OLD.effect_on, OLD.title)) THEN
        RAISE EXCEPTION 'another avenant has this hash' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER one_hash_one_avenant BEFORE UPDATE ON conventions_amendment
    FOR EACH ROW EXECUTE FUNCTION conventions_amendment_hash();
"""

CLOCKS = """
-- When and by whom something was recorded is not the writer's to say.
CREATE FUNCTION conventions_recorded() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    NEW.recorded_at := clock_timestamp();
    NEW.recorded_by := coalesce(nullif(current_setting('maillage.user', true), '')::uuid, NEW.recorded_by);
    RETURN NEW;
END $$;
CREATE TRIGGER recorded BEFORE INSERT ON conventions_event FOR EACH ROW EXECUTE FUNCTION conventions_recorded();
CREATE TRIGGER recorded BEFORE INSERT ON conventions_obligationmark FOR EACH ROW EXECUTE FUNCTION conventions_recorded();
CREATE TRIGGER recorded BEFORE INSERT ON conventions_signature FOR EACH ROW EXECUTE FUNCTION conventions_recorded();

-- A signature is born valid, and bears a day between the writing of what is signed and today; the printed one on paper texts.
CREATE FUNCTION conventions_signature_day() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    text_terms jsonb;
    written timestamptz;
    zone text;
BEGIN
    NEW.voided_at := NULL;
    SELECT c.time_zone INTO zone FROM conventions_convention c WHERE c.id = NEW.convention_id;
    IF NEW.amendment_id IS NULL THEN
        SELECT v.terms, v.written_at INTO text_terms, written FROM conventions_termsversion v
         WHERE v.convention_id = NEW.convention_id ORDER BY v.number DESC LIMIT 1;
        IF jsonb_typeof(text_terms -> 'signatures') = 'array' AND text_terms -> 'signatures' <> '[]' THEN
            written := NULL;
            IF EXISTS (SELECT 1 FROM jsonb_array_elements(text_terms -> 'signatures') s
                        WHERE s ->> 'party' = NEW.party_key AND jsonb_typeof(s -> 'on') = 'string'
                          AND s ->> 'on' <> NEW.signed_on::text) THEN
                RAISE EXCEPTION 'the text bears another day' USING ERRCODE = 'restrict_violation';
            END IF;
        END IF;
    ELSE
        SELECT a.written_at INTO written FROM conventions_amendment a WHERE a.id = NEW.amendment_id;
    END IF;
    IF NEW.signed_on < (written AT TIME ZONE zone)::date OR NEW.signed_on > (clock_timestamp() AT TIME ZONE zone)::date THEN
        RAISE EXCEPTION 'signed before it was written, or tomorrow' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER signature_day BEFORE INSERT ON conventions_signature
    FOR EACH ROW EXECUTE FUNCTION conventions_signature_day();

-- The days of a convention are those of its caisse, settled by its drafter before it is proposed; which days were
-- swept is known to the daily round alone, once the signature has said where it begins.
CREATE FUNCTION conventions_own_days() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF current_user NOT IN ('maillage_app', 'maillage_worker') THEN
        RETURN NEW;
    END IF;
    IF NEW.time_zone <> OLD.time_zone AND (OLD.state <> 'draft' OR OLD.drafted_by_id IS DISTINCT FROM cases_caller()) THEN
        RAISE EXCEPTION 'the days of a convention stay' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.swept_on IS DISTINCT FROM OLD.swept_on AND (
        NEW.swept_on IS NULL OR NEW.swept_on < OLD.swept_on OR NEW.swept_on > (clock_timestamp() AT TIME ZONE NEW.time_zone)::date
        OR (current_user = 'maillage_app' AND (OLD.swept_on IS NOT NULL OR NEW.state NOT IN ('signed', 'in_force', 'ended'))))
    THEN
        RAISE EXCEPTION 'only the daily round says which days it has seen' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER own_days BEFORE UPDATE ON conventions_convention FOR EACH ROW EXECUTE FUNCTION conventions_own_days();

"""

OWNERS = """
-- The organisation and the party key of a row are one party that signs. The first argument is the organisation's column,
-- the others the kinds of fact that are a party's own.
CREATE FUNCTION conventions_own_party() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    said jsonb := to_jsonb(NEW);
BEGIN
    IF TG_NARGS > 1 AND NOT said ->> 'kind' = ANY (TG_ARGV[1:]) THEN
        RETURN NEW;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM conventions_party p
                    WHERE p.convention_id = NEW.convention_id AND p.key = NEW.party_key AND p.role <> 'informed'
                      AND p.organisation_id = (said ->> TG_ARGV[0])::uuid) THEN
        RAISE EXCEPTION 'not this organisation''s party' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER own_party BEFORE INSERT ON conventions_signature
    FOR EACH ROW EXECUTE FUNCTION conventions_own_party('organisation_id');
CREATE TRIGGER own_party BEFORE INSERT ON conventions_referent
    FOR EACH ROW EXECUTE FUNCTION conventions_own_party('organisation_id');
CREATE TRIGGER own_party BEFORE INSERT ON conventions_event FOR EACH ROW EXECUTE FUNCTION conventions_own_party(
    'recorded_for_id', 'denunciation', 'formal_notice', 'terminated', 'renewal_opposed', 'referent_changed');

-- Of a tenure only its end and the day of the letter change: an end that has come stays; before its first day, a tenure may be moved,
-- or given up (it then ends the day before, and succeeds nobody). Of a letter only the days of its journey change, and whoever recorded
-- the fact names those it was sent to.
CREATE FUNCTION conventions_tenure_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    given_up boolean := coalesce(NEW.until < NEW.since, false);
    changing text[] := CASE WHEN given_up AND NEW.succeeds_id IS NULL THEN '{until,told_on,succeeds_id}'::text[] ELSE '{until,told_on}' END;
    today date := (SELECT (statement_timestamp() AT TIME ZONE o.time_zone)::date FROM public.organisations_organisation o
                    WHERE o.id = NEW.organisation_id);
BEGIN
    IF OLD.since > today AND NEW.since >= today AND (OLD.until IS NULL OR OLD.until >= OLD.since) THEN
        changing := changing || '{since}'::text[];  -- an arrival that has not come may be moved
    END IF;
    IF to_jsonb(NEW) - changing <> to_jsonb(OLD) - changing THEN
        RAISE EXCEPTION 'a tenure stays as it was told' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.until IS DISTINCT FROM OLD.until AND (OLD.until < today OR OLD.until < OLD.since) THEN
        RAISE EXCEPTION 'an end that has come stays' USING ERRCODE = 'restrict_violation';
    END IF;
    IF given_up AND (OLD.until IS NULL OR OLD.until >= OLD.since) AND (OLD.since <= today OR NEW.succeeds_id IS NOT NULL) THEN
        RAISE EXCEPTION 'a tenure that has begun, or succeeds another, is not given up' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER tenure_stays BEFORE UPDATE ON conventions_referent FOR EACH ROW EXECUTE FUNCTION conventions_tenure_stays();

CREATE FUNCTION conventions_letter_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - '{presented_on,received_on}'::text[] <> to_jsonb(OLD) - '{presented_on,received_on}'::text[] THEN
            RAISE EXCEPTION 'a letter stays as it was sent' USING ERRCODE = 'restrict_violation';
        END IF;
    ELSIF current_user IN ('maillage_app', 'maillage_worker')
        AND NOT EXISTS (SELECT 1 FROM conventions_event e WHERE e.id = NEW.event_id AND e.recorded_for_id = cases_caller()) THEN
        RAISE EXCEPTION 'a letter of another party' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER letter_stays BEFORE INSERT OR UPDATE ON conventions_delivery
    FOR EACH ROW EXECUTE FUNCTION conventions_letter_stays();

-- The national texts that a body may apply because one above it has signed them (S4 art. 7): what they are called, no more.
CREATE FUNCTION conventions_above() RETURNS TABLE (id uuid, title text) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT DISTINCT c.id, c.title::text
      FROM organisations_above(cases_caller()) up (id)
      JOIN conventions_party p ON p.organisation_id = up.id AND p.role <> 'informed'
      JOIN conventions_convention c ON c.id = p.convention_id AND c.level IN ('national_framework', 'national')
       AND c.state IN ('signed', 'in_force')
     ORDER BY 2, 1
$$;
REVOKE ALL ON FUNCTION conventions_above() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION conventions_above() TO maillage_app, maillage_worker;

-- A body that is no longer named reads the documents of the convention no longer, unless another convention of both has them.
CREATE FUNCTION conventions_unread() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    WITH named AS (
        SELECT convention_id, document_id FROM conventions_event UNION ALL
        SELECT convention_id, document_id FROM conventions_relation UNION ALL
        SELECT convention_id, document_id FROM conventions_obligationmark UNION ALL
        SELECT convention_id, document_id FROM conventions_signature UNION ALL
        SELECT convention_id, delegation_document_id FROM conventions_signature)
    UPDATE documents_document d SET readers = array_remove(d.readers, OLD.organisation_id)
     WHERE OLD.organisation_id = ANY (d.readers)
       AND EXISTS (SELECT 1 FROM named n WHERE n.document_id = d.id AND n.convention_id = OLD.convention_id)
       AND NOT EXISTS (SELECT 1 FROM named n JOIN conventions_party p ON p.convention_id = n.convention_id
                        WHERE n.document_id = d.id AND p.organisation_id = OLD.organisation_id);
    RETURN NULL;
END $$;
CREATE TRIGGER unread AFTER DELETE ON conventions_party FOR EACH ROW EXECUTE FUNCTION conventions_unread();

REVOKE ALL ON FUNCTION
    conventions_unread(), conventions_one_hash_one_text(), conventions_amendment_hash(), conventions_recorded(), conventions_signature_day(),
    conventions_own_days(), conventions_own_party(), conventions_tenure_stays(),
    conventions_letter_stays() FROM PUBLIC;
"""

UNDO = """
DROP FUNCTION conventions_above() CASCADE; -- with the policy that asks it
DROP TRIGGER unread ON conventions_party;
DROP FUNCTION conventions_unread();
DROP TRIGGER letter_stays ON conventions_delivery;
DROP FUNCTION conventions_letter_stays();
DROP TRIGGER tenure_stays ON conventions_referent;
DROP FUNCTION conventions_tenure_stays();
DROP TRIGGER own_party ON conventions_event;
DROP TRIGGER own_party ON conventions_referent;
DROP TRIGGER own_party ON conventions_signature;
DROP FUNCTION conventions_own_party();
DROP TRIGGER own_days ON conventions_convention;
DROP FUNCTION conventions_own_days();
DROP TRIGGER signature_day ON conventions_signature;
DROP FUNCTION conventions_signature_day();
DROP TRIGGER recorded ON conventions_signature;
DROP TRIGGER recorded ON conventions_obligationmark;
DROP TRIGGER recorded ON conventions_event;
DROP FUNCTION conventions_recorded();
DROP TRIGGER one_hash_one_avenant ON conventions_amendment;
DROP FUNCTION conventions_amendment_hash();
DROP TRIGGER one_hash_one_text ON conventions_termsversion;
DROP FUNCTION conventions_one_hash_one_text();
"""


def parents() -> list[migrations.RunSQL]:
    """One key (id, convention) on each parent, and the child's reference to both."""
    return [
        migrations.RunSQL(
            f"ALTER TABLE conventions_{parent} ADD CONSTRAINT {parent}_in_its_convention UNIQUE (id, convention_id);"
            f"ALTER TABLE conventions_{child} ADD CONSTRAINT {child}_{column}_in_its_convention"
            f" FOREIGN KEY ({column}, convention_id) REFERENCES conventions_{parent} (id, convention_id);",
            f"ALTER TABLE conventions_{child} DROP CONSTRAINT {child}_{column}_in_its_convention;"
            f"ALTER TABLE conventions_{parent} DROP CONSTRAINT {parent}_in_its_convention;",
        )
        for child, (column, parent) in PARENTS.items()
    ]


class Migration(migrations.Migration):
    dependencies = [("conventions", "0003_calendar_feeds"), ("organisations", "0004_network")]

    operations = [
        *parents(),
        migrations.RunSQL(TEXTS + CLOCKS + OWNERS, UNDO),
    ]
