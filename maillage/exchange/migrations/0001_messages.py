"""Messages about a case, sealed with its key, and up to where each person has read them."""

import django.db.models.deletion
import django.db.models.functions.datetime
import maillage.core.identifiers
from django.db import migrations, models

from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

GUARDS = """
-- A mark names a message of its own case.
ALTER TABLE exchange_message ADD CONSTRAINT message_of_its_case UNIQUE (id, case_id);
ALTER TABLE exchange_seen ADD CONSTRAINT seen_in_its_case FOREIGN KEY (message_id, case_id) REFERENCES exchange_message (id, case_id);

-- Whoever writes does so for her own organisation, while the case lasts; the database dates it. Nobody changes it afterwards.
CREATE FUNCTION exchange_message_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF current_user NOT IN ('maillage_app', 'maillage_worker') THEN
        RETURN NEW;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM cases_participation mine
                    WHERE mine.case_id = NEW.case_id AND mine.organisation_id = NEW.organisation_id
                      AND mine.organisation_id = nullif(current_setting('maillage.organisation', true), '')::uuid
                      AND (mine.until IS NULL OR mine.until > statement_timestamp())) THEN
        RAISE EXCEPTION 'not a case of this organisation' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF EXISTS (SELECT 1 FROM cases_participation mine
                WHERE mine.case_id = NEW.case_id AND mine.organisation_id = NEW.organisation_id AND mine.closed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'this case has ended' USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.at := clock_timestamp();
    NEW.author := coalesce(nullif(current_setting('maillage.user', true), '')::uuid, NEW.author);
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION exchange_message_kept() FROM PUBLIC;
CREATE TRIGGER kept BEFORE INSERT ON exchange_message FOR EACH ROW EXECUTE FUNCTION exchange_message_kept();

-- The last message that the other side of one's own case has read: what was told once is told again only after that.
CREATE FUNCTION case_last_read(of_case uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT m.id FROM exchange_seen s JOIN exchange_message m ON m.id = s.message_id
     WHERE s.case_id = of_case AND s.organisation_id <> cases_caller()
       AND EXISTS (SELECT 1 FROM cases_participation mine WHERE mine.case_id = of_case
                    AND mine.organisation_id = cases_caller() AND (mine.until IS NULL OR mine.until > statement_timestamp()))
     ORDER BY m.at DESC LIMIT 1
$$;
REVOKE ALL ON FUNCTION case_last_read(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION case_last_read(uuid) TO maillage_app, maillage_worker;

-- What is sealed with a case's key, locked, before the case gets another; then sealed again, in that same transaction.
CREATE FUNCTION messages_to_renew(of_case uuid) RETURNS TABLE (message_id uuid, sealed_text bytea)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT m.id, m.sealed_text FROM exchange_message m
     WHERE m.case_id = of_case
       AND EXISTS (SELECT 1 FROM cases_participation mine WHERE mine.case_id = of_case
                    AND mine.organisation_id = cases_caller() AND (mine.until IS NULL OR mine.until > statement_timestamp()))
     ORDER BY m.id FOR UPDATE
$$;
CREATE FUNCTION encrypt_message_again(of_case uuid, which uuid, former bytea, again bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE exchange_message m SET sealed_text = again
     WHERE m.id = which AND m.case_id = of_case AND m.sealed_text = former AND length(again) = length(former)
       AND EXISTS (SELECT 1 FROM cases_participation mine WHERE mine.case_id = of_case
                    AND mine.organisation_id = cases_caller() AND mine.key_made_at = transaction_timestamp());
    RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION messages_to_renew(uuid), encrypt_message_again(uuid, uuid, bytea, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION messages_to_renew(uuid), encrypt_message_again(uuid, uuid, bytea, bytea) TO maillage_worker;
"""

UNDO = """
DROP FUNCTION encrypt_message_again(uuid, uuid, bytea, bytea);
DROP FUNCTION messages_to_renew(uuid);
DROP FUNCTION case_last_read(uuid);
DROP TRIGGER kept ON exchange_message;
DROP FUNCTION exchange_message_kept();
ALTER TABLE exchange_seen DROP CONSTRAINT seen_in_its_case;
ALTER TABLE exchange_message DROP CONSTRAINT message_of_its_case;
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('audit', '0002_chain'),
        ('cases', '0007_working'),
        ('organisations', '0009_directory'),
    ]

    operations = [
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('author', models.UUIDField(verbose_name='par')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='écrit le')),
                ('sealed_text', models.BinaryField(verbose_name='texte chiffré')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'message',
            },
        ),
        migrations.CreateModel(
            name='Seen',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('user_id', models.UUIDField(verbose_name='personne')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='exchange.message')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'message lu',
            },
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['case', '-at'], name='message_thread'),
        ),
        migrations.AddConstraint(
            model_name='seen',
            constraint=models.UniqueConstraint(fields=('case', 'organisation', 'user_id'), name='seen_once', violation_error_message='Ce dossier a déjà sa marque de lecture pour cette personne.'),
        ),
        ProtectTable("exchange_message"),
        ProtectTable("exchange_seen"),
        JournalTable("exchange_message", "id"),
        migrations.RunSQL(GUARDS, UNDO),
    ]
