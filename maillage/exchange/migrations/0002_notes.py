"""The box of a convention: what its parties write to each other, about nobody."""

import django.db.models.deletion
import django.db.models.functions.datetime
import maillage.core.identifiers
from django.db import migrations, models

from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

GUARDS = """
-- A note is written for one's own organisation, while the convention is in force; the database dates it. Nobody changes it.
CREATE FUNCTION exchange_note_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF current_user NOT IN ('maillage_app', 'maillage_worker') THEN
        RETURN NEW;
    END IF;
    IF NEW.organisation_id IS DISTINCT FROM nullif(current_setting('maillage.organisation', true), '')::uuid
        OR NOT EXISTS (SELECT 1 FROM conventions_convention c WHERE c.id = NEW.convention_id AND c.in_force @> statement_timestamp())
    THEN
        RAISE EXCEPTION 'no convention of this organisation in force' USING ERRCODE = 'insufficient_privilege';
    END IF;
    NEW.at := clock_timestamp();
    NEW.author := coalesce(nullif(current_setting('maillage.user', true), '')::uuid, NEW.author);
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION exchange_note_kept() FROM PUBLIC;
CREATE TRIGGER kept BEFORE INSERT ON exchange_note FOR EACH ROW EXECUTE FUNCTION exchange_note_kept();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('conventions', '0002_parties'),
        ('exchange', '0001_messages'),
        ('organisations', '0009_directory'),
    ]

    operations = [
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('convention_id', models.UUIDField(verbose_name='convention')),
                ('author', models.UUIDField(verbose_name='par')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='écrit le')),
                ('text', models.TextField(verbose_name='texte')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'mot de la boîte d’une convention',
                'indexes': [models.Index(fields=['convention_id', '-at'], name='note_box')],
                'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='note_says_something', violation_error_message='Écrivez quelques mots.'), models.CheckConstraint(condition=models.Q(('text__regex', '(?<![0-9][ \\t\\n.\\u00a0\\u202f-]?)(?!0[ \\t\\n.\\u00a0\\u202f-]?8([ \\t\\n.\\u00a0\\u202f-]?[0-9]){8}(?![ \\t\\n.\\u00a0\\u202f-]?[0-9]))([0-9][ \\t\\n.\\u00a0\\u202f-]?){9,}'), _negated=True), name='note_holds_no_long_number', violation_error_message='Ici, on ne parle d’aucune personne : retirez ce numéro.'), models.CheckConstraint(condition=models.Q(('text__regex', '[@＠﹫]'), _negated=True), name='note_holds_no_address', violation_error_message='Ici, on ne parle d’aucune personne : retirez cette adresse électronique.')],
            },
        ),
        ProtectTable("exchange_note"),
        JournalTable("exchange_note", "id"),
        migrations.RunSQL(GUARDS, "DROP TRIGGER kept ON exchange_note; DROP FUNCTION exchange_note_kept();"),
    ]
