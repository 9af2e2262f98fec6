"""The tables of this room, closed and journalled from their first instant."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import maillage.core.identifiers
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("audit", "0002_chain"),
        ("organisations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name='Erasure',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organisation_id', models.UUIDField(null=True)),
                ('scope', models.TextField(help_text='convention, case ou document')),
                ('reference', models.TextField()),
                ('reason', models.TextField()),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'effacement',
            },
        ),
        migrations.CreateModel(
            name='PublicKey',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('public', models.BinaryField(verbose_name='clé publique X25519, 32 octets')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='public_keys', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'clé publique',
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('retired_at__isnull', True)), fields=('organisation',), name='publickey_one_in_use'),
                ],
            },
        ),
        migrations.CreateModel(
            name='PrivateKey',
            fields=[
                ('key', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='private', serialize=False, to='vault.publickey')),
                ('wrapped', models.BinaryField(verbose_name='clé privée enveloppée')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'clé privée',
            },
        ),
        migrations.CreateModel(
            name='IndexKey',
            fields=[
                ('organisation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='organisations.organisation')),
                ('wrapped', models.BinaryField(verbose_name='clé d’index enveloppée')),
            ],
            options={
                'verbose_name': 'clé d’index',
            },
        ),
        migrations.CreateModel(
            name='UsedStore',
            fields=[
                ('identity', models.UUIDField(editable=False, primary_key=True, serialize=False, verbose_name='identité du magasin')),
                ('single', models.BooleanField(default=True, editable=False, unique=True)),
                ('since', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='depuis')),
            ],
            options={
                'verbose_name': 'magasin de clés de cette base',
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('single', True)), name='usedstore_one', violation_error_message='Une base n’a qu’un magasin de clés.'),
                ],
            },
        ),
        ProtectTable("vault_publickey"),
        ProtectTable("vault_privatekey"),
        ProtectTable("vault_erasure"),
        ProtectTable("vault_indexkey"),
        ProtectTable("vault_usedstore"),
        JournalTable("vault_publickey", "id"),
        JournalTable("vault_privatekey", "key_id"),
        JournalTable("vault_erasure", "id"),
        JournalTable("vault_indexkey", "organisation_id"),
        JournalTable("vault_usedstore", "identity"),
    ]
