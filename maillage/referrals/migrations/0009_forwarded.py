"""What the two sides of a case know of its being forwarded; it is so only where the new case was opened in the same transaction."""

import django.db.models.deletion
import maillage.core.identifiers
from django.db import migrations, models

from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

KEPT = """
CREATE FUNCTION referrals_forwarding_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    instant timestamptz := (
        SELECT l.made_at FROM cases_lineage l JOIN cases_case c ON c.id = l.following_id
                         JOIN cases_authorisation a ON a.id = c.authorisation_id
         WHERE l.former_id = NEW.case_id AND l.kind = 'forwarded' AND l.made_at >= transaction_timestamp()
           AND c.sender_id = cases_caller() AND c.caisse_id = NEW.recipient_id AND c.service = NEW.service
           AND a.article = NEW.article
         LIMIT 1);
BEGIN
    IF instant IS NULL THEN
        RAISE EXCEPTION 'nothing was forwarded so' USING ERRCODE = 'insufficient_privilege';
    END IF;
    NEW.forwarded_at := instant;
    NEW.forwarded_by := coalesce(nullif(current_setting('maillage.user', true), '')::uuid, NEW.forwarded_by);
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION referrals_forwarding_kept() FROM PUBLIC;
CREATE TRIGGER kept BEFORE INSERT ON referrals_forwarding FOR EACH ROW EXECUTE FUNCTION referrals_forwarding_kept();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0008_lineage'),
        ('organisations', '0009_directory'),
        ('referrals', '0008_forwarding'),
    ]

    operations = [
        migrations.CreateModel(
            name='Forwarding',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('service', models.CharField(max_length=40, verbose_name='service')),
                ('article', models.CharField(max_length=40, verbose_name='article')),
                ('forwarded_at', models.DateTimeField(verbose_name='transmise le')),
                ('forwarded_by', models.UUIDField(verbose_name='par')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='forwardings', to='cases.case')),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'transmission d’un dossier',
            },
        ),
        ProtectTable("referrals_forwarding"),
        JournalTable("referrals_forwarding", "id"),
        migrations.RunSQL(
            KEPT, "DROP TRIGGER kept ON referrals_forwarding; DROP FUNCTION referrals_forwarding_kept();"
        ),
    ]
