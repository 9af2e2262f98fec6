"""The tables of this room, closed from their first instant."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.functions.datetime
from django.db import migrations, models

import maillage.core.identifiers
from maillage.core.row_security import ProtectTable


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name='Chain',
            fields=[
                ('pk', models.CompositePrimaryKey('chain', 'lane', blank=True, editable=False, primary_key=True, serialize=False)),
                ('chain', models.UUIDField()),
                ('lane', models.SmallIntegerField()),
                ('number', models.BigIntegerField(default=0)),
                ('previous', models.BinaryField(default=b'')),
                ('digest', models.BinaryField()),
                ('transaction', models.BigIntegerField(default=0, help_text='La dernière qui a chaîné ici.')),
                ('began', models.BigIntegerField(default=0, help_text='Le premier numéro de cette transaction.')),
            ],
            options={
                'verbose_name': 'chaîne',
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='instant')),
                ('organisation_id', models.UUIDField(null=True, verbose_name='organisme')),
                ('user_id', models.TextField(blank=True, default='', verbose_name='personne')),
                ('verb', models.TextField(verbose_name='action')),
                ('object_type', models.TextField(blank=True, default='', verbose_name='objet')),
                ('object_ref', models.TextField(blank=True, default='', verbose_name='référence')),
                ('fields', models.TextField(blank=True, default='', verbose_name='champs')),
                ('reason', models.TextField(blank=True, default='', verbose_name='motif')),
                ('leaf', models.BinaryField(default=b'', help_text='Calculée par la base à l’insertion.', verbose_name='empreinte de l’entrée')),
                ('transaction', models.BigIntegerField(db_index=True, default=0, verbose_name='transaction')),
            ],
            options={
                'verbose_name': 'entrée du journal',
                'verbose_name_plural': 'journal',
                'indexes': [
                    models.Index(fields=['organisation_id', '-at'], name='entry_organisation_at'),
                    models.Index(fields=['organisation_id', 'user_id', '-at'], name='entry_person_at'),
                    django.contrib.postgres.indexes.BrinIndex(fields=['at'], name='entry_at'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Link',
            fields=[
                ('pk', models.CompositePrimaryKey('chain', 'lane', 'number', blank=True, editable=False, primary_key=True, serialize=False)),
                ('chain', models.UUIDField(verbose_name='chaîne')),
                ('lane', models.SmallIntegerField(verbose_name='voie')),
                ('number', models.BigIntegerField(verbose_name='numéro')),
                ('previous', models.BinaryField(verbose_name='empreinte précédente')),
                ('digest', models.BinaryField(verbose_name='empreinte')),
                ('members', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None, verbose_name='entrées')),
            ],
            options={
                'verbose_name': 'maillon',
            },
        ),
        migrations.CreateModel(
            name='Anchor',
            fields=[
                ('number', models.BigIntegerField(primary_key=True, serialize=False, verbose_name='numéro')),
                ('at', models.DateTimeField(verbose_name='scellée le')),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='enregistrée le')),
                ('retention_days', models.IntegerField(verbose_name='jours de conservation')),
                ('digest', models.BinaryField(verbose_name='empreinte du fichier')),
            ],
            options={
                'verbose_name': 'ancre du journal',
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('retention_days__gte', 180)), name='anchor_kept_long_enough', violation_error_message='Le journal se garde six mois au moins.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('pk', models.CompositePrimaryKey('chain', 'lane', 'number', blank=True, editable=False, primary_key=True, serialize=False)),
                ('chain', models.UUIDField(verbose_name='chaîne')),
                ('lane', models.SmallIntegerField(verbose_name='voie')),
                ('number', models.BigIntegerField(verbose_name='numéro')),
                ('digest', models.BinaryField(verbose_name='empreinte')),
                ('anchor', models.BigIntegerField(verbose_name='ancre')),
            ],
            options={
                'verbose_name': 'scellé du journal',
                'indexes': [
                    models.Index(fields=['anchor'], name='seal_anchor'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Pruning',
            fields=[
                ('pk', models.CompositePrimaryKey('chain', 'lane', 'number', blank=True, editable=False, primary_key=True, serialize=False)),
                ('chain', models.UUIDField(verbose_name='chaîne')),
                ('lane', models.SmallIntegerField(verbose_name='voie')),
                ('number', models.BigIntegerField(verbose_name='numéro')),
                ('digest', models.BinaryField(verbose_name='empreinte')),
                ('pruned_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='élagué le')),
                ('transaction', models.BigIntegerField(default=0, help_text='Celle qui retire les lignes.', verbose_name='transaction')),
            ],
            options={
                'verbose_name': 'élagage du journal',
            },
        ),
        ProtectTable("audit_entry"),
        ProtectTable("audit_link"),
        ProtectTable("audit_chain"),
        ProtectTable("audit_anchor"),
        ProtectTable("audit_seal"),
        ProtectTable("audit_pruning"),
    ]
