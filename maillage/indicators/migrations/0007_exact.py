"""Who reads exactly what happens to people under a convention: one rule for its report, its yearly sheet and the files of its committees."""

from django.db import migrations, models

# A party that sends or receives cases under a convention reads exactly what is counted of people; nobody else does, the CAF first (S0
# art. 5). The file of a committee is one for all: it is exact where each party that signs reads so.
EXACT = """
CREATE FUNCTION indicators_exact(of_convention uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM conventions_party mine
                    WHERE mine.convention_id = of_convention AND mine.organisation_id = cases_caller() AND mine.role <> 'informed')
       AND EXISTS (SELECT 1 FROM cases_authorisation a
                    WHERE a.convention_id = of_convention AND cases_caller() IN (a.sender_id, a.recipient_id))
$$;

CREATE FUNCTION indicators_exact_for_all(of_convention uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT indicators_exact(of_convention)
       AND NOT EXISTS (SELECT 1 FROM conventions_party p
                        WHERE p.convention_id = of_convention AND p.role <> 'informed'
                          AND NOT EXISTS (SELECT 1 FROM cases_authorisation a
                                           WHERE a.convention_id = of_convention AND p.organisation_id IN (a.sender_id, a.recipient_id)))
$$;
REVOKE ALL ON FUNCTION indicators_exact(uuid), indicators_exact_for_all(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION indicators_exact(uuid), indicators_exact_for_all(uuid)
    TO maillage_app, maillage_worker;
"""

# To whoever reads nothing exactly: what is published already, and the guides handed over once a civil year is over, from eleven on. Over
# days of one's own choice two periods would tell what a threshold hides.
OF = """
CREATE OR REPLACE FUNCTION indicators_of(of_convention uuid, from_day date, to_day date)
RETURNS TABLE (measure text, amount bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me uuid := cases_caller();
    entitled boolean := indicators_exact(of_convention);
    is_over boolean := from_day = date_trunc('year', from_day)::date AND to_day = (from_day + interval '1 year')::date
                       AND to_day <= organisations_today(me);
BEGIN
    PERFORM 1 FROM conventions_party mine
      WHERE mine.convention_id = of_convention AND mine.organisation_id = me AND mine.role <> 'informed';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such convention' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY
    SELECT k.measure, k.amount FROM indicators_counted(of_convention, from_day, to_day) k
     WHERE entitled OR k.measure IN ('prado_presented', 'prado_accepted', 'local_conventions')
        OR k.measure = 'guides_given' AND is_over AND k.amount >= 11;
END $$;
"""

AS_BEFORE = """
CREATE OR REPLACE FUNCTION indicators_of(of_convention uuid, from_day date, to_day date)
RETURNS TABLE (measure text, amount bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me uuid := cases_caller();
    entitled boolean := EXISTS (SELECT 1 FROM cases_authorisation a
                                 WHERE a.convention_id = of_convention AND (a.sender_id = me OR a.recipient_id = me));
BEGIN
    PERFORM 1 FROM conventions_party mine
      WHERE mine.convention_id = of_convention AND mine.organisation_id = me AND mine.role <> 'informed';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such convention' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY
    SELECT k.measure, k.amount FROM indicators_counted(of_convention, from_day, to_day) k
     WHERE entitled OR k.measure IN ('guides_given', 'prado_presented', 'prado_accepted', 'local_conventions');
END $$;
DROP FUNCTION indicators_exact_for_all(uuid);
DROP FUNCTION indicators_exact(uuid) CASCADE;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('indicators', '0006_delays'),
    ]

    operations = [
        # Answers that are there already: whether they count a few people is not known, so that whoever reads no case reads none of them.
        migrations.AddField(
            model_name='yearanswer',
            name='is_few',
            field=models.BooleanField(default=True, verbose_name='compte quelques personnes'),
        ),
        migrations.AlterField(
            model_name='yearanswer',
            name='is_few',
            field=models.BooleanField(verbose_name='compte quelques personnes'),
        ),
        migrations.RunSQL(EXACT + OF, AS_BEFORE),
    ]
