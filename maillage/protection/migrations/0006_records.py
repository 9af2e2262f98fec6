"""The versions of each organisation's record of processing, and what an evidence folder asks of the journal and of the other parties."""

import django.db.models.deletion
from django.db import migrations, models

import maillage.core.identifiers
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

GUARDS = """
CREATE TRIGGER recorded BEFORE INSERT ON protection_recordversion FOR EACH ROW EXECUTE FUNCTION conventions_recorded();

-- A version follows the last one, says something else, and its digest is that of its content.
CREATE FUNCTION protection_version_follows() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    last record;
BEGIN
    SELECT v.number, v.digest INTO last FROM protection_recordversion v
     WHERE v.organisation_id = NEW.organisation_id ORDER BY v.number DESC LIMIT 1;
    IF NEW.digest <> encode(sha256(convert_to(NEW.content, 'UTF8')), 'hex') THEN
        RAISE EXCEPTION 'the digest is another content''s' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.number <> coalesce(last.number, 0) + 1 OR NEW.digest = last.digest THEN
        RAISE EXCEPTION 'a version follows the last one and says something else' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER version_follows BEFORE INSERT ON protection_recordversion
    FOR EACH ROW EXECUTE FUNCTION protection_version_follows();

CREATE FUNCTION protection_version_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION 'a version that was kept stays' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER version_stays BEFORE UPDATE OR DELETE ON protection_recordversion
    FOR EACH ROW EXECUTE FUNCTION protection_version_stays();
REVOKE ALL ON FUNCTION protection_version_follows(), protection_version_stays() FROM PUBLIC;
"""
UNDO_GUARDS = """
DROP TRIGGER version_stays ON protection_recordversion;
DROP FUNCTION protection_version_stays();
DROP TRIGGER version_follows ON protection_recordversion;
DROP FUNCTION protection_version_follows();
DROP TRIGGER recorded ON protection_recordversion;
"""
DOORS = """
-- The organisations for which a record is kept each day: those where somebody watches over the data. The job's alone.
CREATE FUNCTION protection_record_keepers() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT found.organisation_id
      FROM (SELECT DISTINCT m.organisation_id FROM organisations_membership m WHERE m.role IN ('dpo', 'administrator')) found
     WHERE protection_watched_here(found.organisation_id) ORDER BY 1
$$;

-- Where each lane of the caller's own chain begins and ends, as the journal recorded it.
CREATE FUNCTION protection_journal_lanes()
RETURNS TABLE (lane smallint, end_number bigint, end_digest bytea, start_number bigint, start_digest bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT c.lane, c.number, c.digest, coalesce(p.number, 0), coalesce(p.digest, '')
      FROM audit_chain c LEFT JOIN LATERAL (
           SELECT p.number, p.digest FROM audit_pruning p WHERE p.chain = c.chain AND p.lane = c.lane ORDER BY p.number DESC LIMIT 1
      ) p ON true
     WHERE c.chain = cases_caller() ORDER BY c.lane
$$;

-- The links of the caller's own chain that anchors sealed, with the digest of each anchor's file.
CREATE FUNCTION protection_journal_seals()
RETURNS TABLE (lane smallint, number bigint, digest bytea, anchor bigint, at timestamptz, file bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT s.lane, s.number, s.digest, a.number, a.at, a.digest
      FROM audit_seal s JOIN audit_anchor a ON a.number = s.anchor
     WHERE s.chain = cases_caller() ORDER BY a.number, s.lane
$$;

-- How many people have a role today in each party of a convention, told to a party of it: a number, never who.
CREATE FUNCTION protection_people(of_convention uuid)
RETURNS TABLE (organisation uuid, people bigint) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT p.organisation_id, count(DISTINCT u.id)
      FROM conventions_party p JOIN organisations_organisation o ON o.id = p.organisation_id
      LEFT JOIN organisations_membership m ON m.organisation_id = p.organisation_id
           AND (statement_timestamp() AT TIME ZONE o.time_zone)::date BETWEEN m.since AND coalesce(m.until, 'infinity')
      LEFT JOIN organisations_user u ON u.id = m.user_id AND u.is_active
     WHERE p.convention_id = of_convention AND p.role <> 'informed'
       AND EXISTS (SELECT 1 FROM conventions_party mine
                    WHERE mine.convention_id = of_convention AND mine.organisation_id = cases_caller() AND mine.role <> 'informed')
     GROUP BY p.organisation_id ORDER BY p.organisation_id
$$;
REVOKE ALL ON FUNCTION protection_record_keepers(), protection_journal_lanes(), protection_journal_seals(), protection_people(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION protection_record_keepers() TO maillage_worker;
GRANT EXECUTE ON FUNCTION protection_journal_lanes(), protection_journal_seals(), protection_people(uuid) TO maillage_app, maillage_worker;
"""
UNDO_DOORS = """
DROP FUNCTION protection_people(uuid);
DROP FUNCTION protection_journal_seals();
DROP FUNCTION protection_journal_lanes();
DROP FUNCTION protection_record_keepers();
"""

class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0009_directory'),
        ('protection', '0005_restrictions'),
    ]

    operations = [
        migrations.CreateModel(
            name='RecordVersion',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField(verbose_name='numéro')),
                ('content', models.TextField(verbose_name='contenu')),
                ('digest', models.CharField(max_length=64, verbose_name='empreinte')),
                ('added', models.PositiveIntegerField(verbose_name='traitements ajoutés')),
                ('removed', models.PositiveIntegerField(verbose_name='traitements retirés')),
                ('changed', models.PositiveIntegerField(verbose_name='traitements changés')),
                ('recorded_at', models.DateTimeField(verbose_name='gardée le')),
                ('recorded_by', models.UUIDField(verbose_name='par')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'version du registre des traitements',
                'constraints': [models.UniqueConstraint(fields=('organisation', 'number'), name='recordversion_number_once', violation_error_message='Cette version est déjà gardée.'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='recordversion_numbered_from_one'), models.CheckConstraint(condition=models.Q(('number', 1), ('added__gt', 0), ('removed__gt', 0), ('changed__gt', 0), _connector='OR'), name='recordversion_says_something_new', violation_error_message='Rien n’a changé depuis la version précédente.')],
            },
        ),
        ProtectTable("protection_recordversion"),
        JournalTable("protection_recordversion", "id"),
        migrations.RunSQL(GUARDS, UNDO_GUARDS),
        migrations.RunSQL(DOORS, UNDO_DOORS),
    ]
