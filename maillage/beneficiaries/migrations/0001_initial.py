"""The tables of this room, closed and journalled from their first instant."""

import django.db.models.deletion
from django.db import migrations, models

import maillage.core.identifiers
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("audit", "0002_chain"),
        ("cases", "0001_initial"),
        ("organisations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name='Beneficiary',
            fields=[
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='beneficiary', serialize=False, to='cases.case')),
                ('identity', models.BinaryField(verbose_name='identité chiffrée')),
            ],
            options={
                'verbose_name': 'personne orientée',
            },
        ),
        migrations.CreateModel(
            name='BlindIndex',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=12, verbose_name='nature')),
                ('digest', models.BinaryField(verbose_name='empreinte')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'index aveugle',
                'indexes': [
                    models.Index(fields=['organisation', 'kind', 'digest'], name='blindindex_search'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('organisation', 'case', 'kind'), name='blindindex_once'),
                    models.CheckConstraint(condition=models.Q(('kind__in', ['nir', 'name_birth'])), name='blindindex_kind_known'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Information',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('given_on', models.DateField(verbose_name='informée le')),
                ('means', models.CharField(max_length=20, verbose_name='moyen')),
                ('by', models.UUIDField(verbose_name='par')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='informations', to='cases.case')),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'information de la personne',
                'indexes': [
                    models.Index(fields=['case'], name='information_case'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('means__in', ['oral', 'written', 'both'])), name='information_means_known'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Waiting',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.case')),
            ],
            options={
                'verbose_name': 'personne à indexer',
                'constraints': [
                    models.UniqueConstraint(fields=('organisation', 'case'), name='waiting_once'),
                ],
            },
        ),
        ProtectTable("beneficiaries_beneficiary"),
        ProtectTable("beneficiaries_information"),
        ProtectTable("beneficiaries_blindindex"),
        ProtectTable("beneficiaries_waiting"),
        JournalTable("beneficiaries_beneficiary", "case_id"),
        JournalTable("beneficiaries_information", "id"),
        JournalTable("beneficiaries_blindindex", "id"),
    ]
