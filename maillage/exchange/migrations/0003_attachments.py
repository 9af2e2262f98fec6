"""The file beside a message: read by the two sides of the case, twenty a case, while the case lasts."""

import django.db.models.deletion
import maillage.core.identifiers
from django.db import migrations, models

from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

GUARDS = """
ALTER TABLE exchange_attachment ADD CONSTRAINT attachment_in_its_case
    FOREIGN KEY (message_id, case_id) REFERENCES exchange_message (id, case_id);

-- One joins one's own document to one's own message, while the case lasts; the other side is among the document's readers.
CREATE FUNCTION exchange_attachment_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    acting uuid := nullif(current_setting('maillage.organisation', true), '')::uuid;
BEGIN
    IF current_user NOT IN ('maillage_app', 'maillage_worker') THEN
        RETURN NEW;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM exchange_message m JOIN cases_case c ON c.id = m.case_id JOIN documents_document d ON d.id = NEW.document_id
                    WHERE m.id = NEW.message_id AND m.case_id = NEW.case_id AND m.organisation_id = acting AND d.organisation_id = acting
                      AND CASE acting WHEN c.sender_id THEN c.caisse_id ELSE c.sender_id END = ANY (d.readers)) THEN
        RAISE EXCEPTION 'not a document of this message' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF EXISTS (SELECT 1 FROM cases_participation mine
                WHERE mine.case_id = NEW.case_id AND mine.organisation_id = acting AND mine.closed_at IS NOT NULL)
        OR (SELECT count(*) FROM exchange_attachment a WHERE a.case_id = NEW.case_id) >= 20 THEN
        RAISE EXCEPTION 'this case takes no more files' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION exchange_attachment_kept() FROM PUBLIC;
CREATE TRIGGER kept BEFORE INSERT ON exchange_attachment FOR EACH ROW EXECUTE FUNCTION exchange_attachment_kept();
"""

UNDO = """
DROP TRIGGER kept ON exchange_attachment;
DROP FUNCTION exchange_attachment_kept();
ALTER TABLE exchange_attachment DROP CONSTRAINT attachment_in_its_case;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0007_working'),
        ('documents', '0003_rewrapping'),
        ('exchange', '0002_notes'),
    ]

    operations = [
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
                ('message', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='attachment', to='exchange.message')),
            ],
            options={
                'verbose_name': 'pièce jointe à un message',
                'indexes': [models.Index(fields=['case'], name='attachment_case')],
            },
        ),
        ProtectTable("exchange_attachment"),
        JournalTable("exchange_attachment", "id"),
        migrations.RunSQL(GUARDS, UNDO),
    ]
