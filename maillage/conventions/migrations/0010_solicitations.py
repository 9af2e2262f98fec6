"""Calling on the referents of another party: between the two of them, on a case only for who shares it."""

from django.db import migrations

KEPT = """
ALTER TABLE conventions_solicitation ADD CONSTRAINT solicitation_case_in_its_convention
    FOREIGN KEY (case_id, convention_id) REFERENCES cases_case (id, convention_id);

-- A question runs under a convention in force, between two of its parties, about a case of both of them if about one. What
-- was asked stays; it is answered once. What the database says of time prevails.
CREATE FUNCTION conventions_solicited() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    answered text[] := '{answer,sealed_answer,answered_at,answered_by}';
BEGIN
    IF current_user NOT IN ('maillage_app', 'maillage_worker') THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF OLD.answered_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL OR to_jsonb(NEW) - answered <> to_jsonb(OLD) - answered THEN
            RAISE EXCEPTION 'what was asked and answered stays' USING ERRCODE = 'restrict_violation';
        END IF;
        IF NEW.answered_at IS NOT NULL THEN
            NEW.answered_at := clock_timestamp();
            NEW.answered_by := coalesce(nullif(current_setting('maillage.user', true), '')::uuid, NEW.answered_by);
        END IF;
        RETURN NEW;
    END IF;
    NEW.asked_at := clock_timestamp();
    NEW.asked_by := coalesce(nullif(current_setting('maillage.user', true), '')::uuid, NEW.asked_by);
    IF NEW.answered_at IS NOT NULL OR NEW.withdrawn_at IS NOT NULL THEN
        RAISE EXCEPTION 'a question is born without an answer' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM convention_parties(ARRAY[NEW.convention_id]) p
                    WHERE p.organisation_id = NEW.called_id AND p.key = NEW.called_key AND p.role <> 'informed')
        OR NOT EXISTS (SELECT 1 FROM conventions_convention c WHERE c.id = NEW.convention_id AND c.in_force @> statement_timestamp())
    THEN
        RAISE EXCEPTION 'no convention in force between these two' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.case_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM cases_case c WHERE c.id = NEW.case_id AND c.convention_id = NEW.convention_id
           AND (c.sender_id, c.caisse_id) IN ((NEW.caller_id, NEW.called_id), (NEW.called_id, NEW.caller_id)))
    THEN
        RAISE EXCEPTION 'not a case of these two' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION conventions_solicited() FROM PUBLIC;
CREATE TRIGGER solicited BEFORE INSERT OR UPDATE ON conventions_solicitation
    FOR EACH ROW EXECUTE FUNCTION conventions_solicited();
"""

WITHDRAWING = """
-- Whoever asked takes a question back while it has no answer; false when it is too late. The row's policy lets only the other side write.
CREATE FUNCTION withdraw_solicitation(which uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM conventions_solicitation s WHERE s.id = which AND s.caller_id = cases_caller()) THEN
        RAISE EXCEPTION 'not yours to withdraw' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE conventions_solicitation s SET withdrawn_at = clock_timestamp(),
           withdrawn_by = coalesce(nullif(current_setting('maillage.user', true), '')::uuid, s.asked_by)
     WHERE s.id = which AND s.answered_at IS NULL AND s.withdrawn_at IS NULL;
    RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION withdraw_solicitation(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION withdraw_solicitation(uuid) TO maillage_app, maillage_worker;
"""

RENEWING = """
-- What is sealed with a case's key, locked, before the case gets another; then sealed again, in that same transaction.
CREATE FUNCTION solicitations_to_renew(of_case uuid)
RETURNS TABLE (solicitation_id uuid, sealed_question bytea, sealed_answer bytea)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT s.id, s.sealed_question, s.sealed_answer FROM conventions_solicitation s
     WHERE s.case_id = of_case
       AND EXISTS (SELECT 1 FROM cases_participation mine WHERE mine.case_id = of_case
                    AND mine.organisation_id = cases_caller() AND (mine.until IS NULL OR mine.until > statement_timestamp()))
     ORDER BY s.id FOR UPDATE
$$;
CREATE FUNCTION encrypt_solicitation_again(
    of_solicitation uuid, former_question bytea, former_answer bytea, again_question bytea, again_answer bytea
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE conventions_solicitation s SET sealed_question = again_question, sealed_answer = again_answer
     WHERE s.id = of_solicitation AND s.sealed_question = former_question AND s.sealed_answer IS NOT DISTINCT FROM former_answer
       AND length(again_question) = length(former_question)
       AND length(again_answer) IS NOT DISTINCT FROM length(former_answer)
       AND EXISTS (SELECT 1 FROM cases_participation mine WHERE mine.case_id = s.case_id
                    AND mine.organisation_id = cases_caller() AND mine.key_made_at = transaction_timestamp());
    RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION solicitations_to_renew(uuid), encrypt_solicitation_again(uuid, bytea, bytea, bytea, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION solicitations_to_renew(uuid), encrypt_solicitation_again(uuid, bytea, bytea, bytea, bytea)
    TO maillage_worker;
"""

UNDO = """
DROP FUNCTION withdraw_solicitation(uuid);
DROP FUNCTION encrypt_solicitation_again(uuid, bytea, bytea, bytea, bytea);
DROP FUNCTION solicitations_to_renew(uuid);
DROP TRIGGER solicited ON conventions_solicitation;
DROP FUNCTION conventions_solicited();
ALTER TABLE conventions_solicitation DROP CONSTRAINT solicitation_case_in_its_convention;
"""


class Migration(migrations.Migration):
    dependencies = [("conventions", "0009_referent_training"), ("cases", "0006_following")]

    operations = [
        migrations.RunSQL(KEPT + WITHDRAWING + RENEWING, UNDO),
    ]
