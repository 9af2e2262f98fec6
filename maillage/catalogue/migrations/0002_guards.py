"""What PostgreSQL holds of supports by itself: one current version a day, a stock never below nothing, openings without anybody."""

from django.db import migrations

GUARDS = """
ALTER TABLE catalogue_supportversion ADD CONSTRAINT version_of_its_owner
    FOREIGN KEY (support_id, organisation_id) REFERENCES catalogue_support (id, organisation_id);
ALTER TABLE catalogue_stockmovement ADD CONSTRAINT movement_of_its_holder
    FOREIGN KEY (stock_id, organisation_id) REFERENCES catalogue_stock (id, organisation_id);

-- Whose it is and the address that was printed stay; what was told once stays told.
CREATE FUNCTION catalogue_support_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF (NEW.id, NEW.organisation_id, NEW.code, NEW.created_at, NEW.created_by)
        IS DISTINCT FROM (OLD.id, OLD.organisation_id, OLD.code, OLD.created_at, OLD.created_by)
        OR (OLD.first_published_at IS NOT NULL AND NEW.first_published_at IS DISTINCT FROM OLD.first_published_at) THEN
        RAISE EXCEPTION 'whose a support is, and its address, stay' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE UPDATE ON catalogue_support FOR EACH ROW EXECUTE FUNCTION catalogue_support_kept();

-- A version begins as a draft, with a file of its owner's; once published its content stays and no other one has its days: the
-- support's row is locked, so that of two that are published at once, one sees the other. What replaces it is open to all.
CREATE FUNCTION catalogue_version_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    working text[] := '{state,valid_from,valid_until,published_at,published_by,closed_at,closed_by,reason,replaced_by_id}';
    published text[] := '{state,valid_until,closed_at,closed_by,reason,replaced_by_id}';
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.document_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM documents_document d WHERE d.id = NEW.document_id AND d.organisation_id = NEW.organisation_id) THEN
            RAISE EXCEPTION 'not a file of its owner' USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF NEW.state <> 'draft' THEN
            RAISE EXCEPTION 'a version begins as a draft' USING ERRCODE = 'restrict_violation';
        END IF;
    ELSIF to_jsonb(NEW) - working <> to_jsonb(OLD) - working
        OR (OLD.state <> 'draft' AND to_jsonb(NEW) - published <> to_jsonb(OLD) - published)
        OR (OLD.state NOT IN ('draft', 'published') AND NEW IS DISTINCT FROM OLD) THEN
        RAISE EXCEPTION 'what a version is stays' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.replaced_by_id IS NOT NULL AND (NEW.replaced_by_id = NEW.support_id OR NOT EXISTS (
        SELECT 1 FROM catalogue_support s WHERE s.id = NEW.replaced_by_id AND s.first_published_at IS NOT NULL)) THEN
        RAISE EXCEPTION 'not a support to use instead' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.state = 'published' THEN
        PERFORM 1 FROM catalogue_support s WHERE s.id = NEW.support_id FOR NO KEY UPDATE;
        IF EXISTS (SELECT 1 FROM catalogue_supportversion v
                    WHERE v.support_id = NEW.support_id AND v.id <> NEW.id AND v.state = 'published'
                      AND daterange(v.valid_from, v.valid_until, '[]') && daterange(NEW.valid_from, NEW.valid_until, '[]')) THEN
            RAISE EXCEPTION 'another version has these days' USING ERRCODE = 'exclusion_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE INSERT OR UPDATE ON catalogue_supportversion
    FOR EACH ROW EXECUTE FUNCTION catalogue_version_kept();

CREATE FUNCTION catalogue_stock_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF to_jsonb(NEW) - 'threshold' <> to_jsonb(OLD) - 'threshold' THEN
        RAISE EXCEPTION 'of what a stock is stays' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE UPDATE ON catalogue_stock FOR EACH ROW EXECUTE FUNCTION catalogue_stock_kept();

-- Rank and what is left, whatever the statement says: the stock's row is locked, so that two movements follow each other.
CREATE FUNCTION catalogue_movement_balanced() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    latest catalogue_stockmovement;
BEGIN
    PERFORM 1 FROM catalogue_stock s WHERE s.id = NEW.stock_id AND s.organisation_id = NEW.organisation_id FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such stock' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT * INTO latest FROM catalogue_stockmovement m WHERE m.stock_id = NEW.stock_id ORDER BY m.number DESC LIMIT 1;
    NEW.number := coalesce(latest.number, 0) + 1;
    NEW.balance := CASE NEW.kind WHEN 'counted' THEN NEW.quantity
                                 WHEN 'received' THEN coalesce(latest.balance, 0) + NEW.quantity
                                 ELSE coalesce(latest.balance, 0) - NEW.quantity END;
    RETURN NEW;
END $$;
CREATE TRIGGER balanced BEFORE INSERT ON catalogue_stockmovement
    FOR EACH ROW EXECUTE FUNCTION catalogue_movement_balanced();

-- What stands behind a printed address today, for whoever asks: a published version within its days, and nothing else. Its day is
-- its owner's. Who asks is neither known nor noted here.
CREATE FUNCTION support_served(of_code text)
RETURNS TABLE (support uuid, owner uuid, title varchar, version uuid, link varchar, document uuid, media_type varchar, size bigint,
               sha256 varchar, wrapped_key bytea, stored_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT s.id, s.organisation_id, s.title, v.id, v.link, d.id, d.media_type, d.size, d.sha256, d.wrapped_key, d.created_at
      FROM catalogue_support s
      JOIN catalogue_supportversion v ON v.support_id = s.id AND v.state = 'published'
       AND organisations_today(s.organisation_id) BETWEEN v.valid_from AND coalesce(v.valid_until, 'infinity')
      LEFT JOIN documents_document d ON d.id = v.document_id
     WHERE s.code = of_code
$$;

-- What is said where nothing stands behind the address any more, or not yet: the title of what was published, and what to use
-- instead if that is served. A support that never was published is unknown.
CREATE FUNCTION support_instead(of_code text)
RETURNS TABLE (title varchar, ended_on date, starts_on date, withdrawn boolean, other_title varchar, other_code varchar)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT s.title,
           (SELECT max(v.valid_until) FROM catalogue_supportversion v
             WHERE v.support_id = s.id AND v.state = 'published' AND v.valid_until < organisations_today(s.organisation_id)),
           (SELECT min(v.valid_from) FROM catalogue_supportversion v
             WHERE v.support_id = s.id AND v.state = 'published' AND v.valid_from > organisations_today(s.organisation_id)),
           latest.state = 'withdrawn', other.title, other.code
      FROM catalogue_support s
      JOIN LATERAL (SELECT v.state, v.replaced_by_id FROM catalogue_supportversion v
                     WHERE v.support_id = s.id AND v.state IN ('published', 'withdrawn')
                     ORDER BY v.valid_from DESC, v.published_at DESC LIMIT 1) latest ON true
      LEFT JOIN catalogue_support other ON other.id = latest.replaced_by_id AND EXISTS (SELECT 1 FROM support_served(other.code))
     WHERE s.code = of_code
$$;

-- One more opening of what stands behind the address, for the organisation that acts, or for none.
CREATE FUNCTION count_support(of_code text, by_way text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO catalogue_supportcount AS c (id, version_id, day, organisation_id, way, openings)
    SELECT gen_random_uuid(), served.version, organisations_today(served.owner), cases_caller(), by_way, 1
      FROM support_served(of_code) served
    ON CONFLICT (version_id, day, organisation_id, way) DO UPDATE SET openings = c.openings + 1
$$;

REVOKE ALL ON FUNCTION catalogue_support_kept(), catalogue_version_kept(), catalogue_stock_kept(), catalogue_movement_balanced(),
    support_served(text), support_instead(text), count_support(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION support_served(text), support_instead(text), count_support(text, text) TO maillage_app;
"""

UNDO = """
DROP FUNCTION count_support(text, text);
DROP FUNCTION support_instead(text);
DROP FUNCTION support_served(text);
DROP TRIGGER balanced ON catalogue_stockmovement;
DROP FUNCTION catalogue_movement_balanced();
DROP TRIGGER kept ON catalogue_stock;
DROP FUNCTION catalogue_stock_kept();
DROP TRIGGER kept ON catalogue_supportversion;
DROP FUNCTION catalogue_version_kept();
DROP TRIGGER kept ON catalogue_support;
DROP FUNCTION catalogue_support_kept();
ALTER TABLE catalogue_stockmovement DROP CONSTRAINT movement_of_its_holder;
ALTER TABLE catalogue_supportversion DROP CONSTRAINT version_of_its_owner;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0001_initial"),
        ("cases", "0002_sharing"),
        ("documents", "0002_sharing"),
        ("organisations", "0007_leaving"),
    ]

    operations = [migrations.RunSQL(GUARDS, UNDO)]
