"""The tables of this room, closed and journalled from their first instant."""

import django.contrib.postgres.fields.ranges
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
            name='Authorisation',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('convention_id', models.UUIDField(verbose_name='convention')),
                ('flow_key', models.CharField(max_length=80, verbose_name='clé du flux')),
                ('service', models.CharField(max_length=40, verbose_name='service')),
                ('article', models.CharField(max_length=40, verbose_name='article')),
                ('open_during', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='ouvert pendant')),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('sender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'autorisation',
                'indexes': [
                    models.Index(fields=['sender', 'service'], name='authorisation_sender'),
                    models.Index(fields=['recipient'], name='authorisation_recipient'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('convention_id', 'flow_key', 'sender', 'recipient'), name='authorisation_once'),
                    models.CheckConstraint(condition=models.Q(('sender', models.F('recipient')), _negated=True), name='authorisation_two_sides'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('convention_id', models.UUIDField(verbose_name='convention')),
                ('kind', models.CharField(max_length=20, verbose_name='nature')),
                ('service', models.CharField(max_length=40, verbose_name='service')),
                ('opened_at', models.DateTimeField(verbose_name='ouvert le')),
                ('authorisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.authorisation')),
                ('caisse', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('forwarded_from', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('sender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'dossier',
                'indexes': [
                    models.Index(fields=['authorisation'], name='case_authorisation'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('kind__in', ['referral', 'application', 'appointment'])), name='case_kind_known'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Participation',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('convention_id', models.UUIDField(verbose_name='convention')),
                ('role', models.CharField(max_length=12, verbose_name='rôle')),
                ('since', models.DateTimeField(verbose_name='depuis')),
                ('until', models.DateTimeField(blank=True, null=True, verbose_name='jusqu’à')),
                ('state', models.CharField(max_length=20, verbose_name='état')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='clos le')),
                ('urgent', models.BooleanField(default=False, verbose_name='urgent')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='échéance')),
                ('sealed_key', models.BinaryField(verbose_name='clé du dossier scellée')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='participations', to='cases.case')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('key_made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='clé faite le')),
            ],
            options={
                'verbose_name': 'participation',
                'indexes': [
                    models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['organisation', '-since'], name='participation_worklist'),
                    models.Index(fields=['organisation', '-since'], name='participation_all'),
                    models.Index(fields=['organisation', 'convention_id', 'role', 'state'], name='participation_counts'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('case', 'organisation'), name='participation_once'),
                    models.CheckConstraint(condition=models.Q(('role__in', ['sender', 'recipient'])), name='participation_role_known'),
                    models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gte', models.F('since')), _connector='OR'), name='participation_dates_ordered'),
                    models.CheckConstraint(condition=models.Q(('state__in', ['sent', 'acknowledged', 'contacted', 'closed', 'booked', 'held', 'missed', 'cancelled'])), name='participation_state_known'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Threshold',
            fields=[
                ('organisation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='organisations.organisation')),
                ('cases_per_day', models.PositiveIntegerField(verbose_name='dossiers par personne et par jour')),
                ('set_at', models.DateTimeField(verbose_name='fixé le')),
                ('set_by', models.UUIDField(verbose_name='par')),
            ],
            options={
                'verbose_name': 'seuil d’alerte',
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('cases_per_day__gte', 5), ('cases_per_day__lte', 1000)), name='threshold_within_bounds', violation_error_message='Le seuil va de 5 à 1000 dossiers par jour.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=12, verbose_name='nature')),
                ('user_id', models.UUIDField(verbose_name='personne')),
                ('day', models.DateField(verbose_name='jour')),
                ('cases', models.PositiveIntegerField(blank=True, null=True, verbose_name='dossiers ouverts')),
                ('threshold', models.PositiveIntegerField(blank=True, null=True, verbose_name='seuil du jour')),
                ('raised_at', models.DateTimeField(verbose_name='signalé le')),
                ('seen_at', models.DateTimeField(blank=True, null=True, verbose_name='examiné le')),
                ('seen_by', models.UUIDField(blank=True, null=True, verbose_name='par')),
                ('word', models.CharField(blank=True, max_length=300, verbose_name='suite donnée')),
                ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'signalement',
                'indexes': [
                    models.Index(fields=['organisation', '-raised_at'], name='alert_recent'),
                    models.Index(condition=models.Q(('seen_at__isnull', True)), fields=['organisation'], name='alert_to_see'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('case__isnull', True), ('cases__isnull', False), ('kind', 'volume'), ('threshold__isnull', False)), models.Q(('case__isnull', False), ('cases__isnull', True), ('kind', 'consultation'), ('threshold__isnull', True)), _connector='OR'), name='alert_says_what'),
                    models.CheckConstraint(condition=models.Q(models.Q(('seen_at__isnull', True), ('seen_by__isnull', True), ('word', '')), models.Q(('seen_at__isnull', False), ('seen_by__isnull', False), models.Q(('word', ''), _negated=True)), _connector='OR'), name='alert_seen_with_a_word', violation_error_message='Dites en un mot la suite donnée.'),
                    models.CheckConstraint(condition=models.Q(('seen_by__isnull', True), models.Q(('seen_by', models.F('user_id')), _negated=True), _connector='OR'), name='alert_seen_by_another', violation_error_message='Un signalement s’examine par quelqu’un d’autre que la personne signalée.'),
                    models.UniqueConstraint(condition=models.Q(('kind', 'volume')), fields=('organisation', 'user_id', 'day'), name='alert_volume_once', violation_error_message='Ce dépassement est déjà signalé.'),
                    models.UniqueConstraint(condition=models.Q(('kind', 'consultation')), fields=('organisation', 'user_id', 'case', 'day'), name='alert_consultation_once', violation_error_message='Cette consultation est déjà signalée.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Following',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('user_id', models.UUIDField(verbose_name='personne')),
                ('reason', models.CharField(max_length=10, verbose_name='à quel titre')),
                ('since', models.DateTimeField(verbose_name='depuis')),
                ('until', models.DateTimeField(blank=True, null=True, verbose_name='jusqu’à')),
                ('given_by', models.UUIDField(blank=True, null=True, verbose_name='confié par')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'suivi d’un dossier',
                'indexes': [
                    models.Index(fields=['organisation', 'user_id', 'case'], name='following_person'),
                    models.Index(fields=['case', 'organisation'], name='following_case'),
                ],
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('case', 'organisation', 'user_id'), name='following_once', violation_error_message='Ce dossier est déjà suivi par cette personne.'),
                    models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gte', models.F('since')), _connector='OR'), name='following_dates_ordered', violation_error_message='La fin d’un suivi ne précède pas son début.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('reason', 'consulted'), _negated=True), ('until__isnull', False), _connector='OR'), name='following_consulted_ends', violation_error_message='Une consultation sans suivi s’arrête à la fin de la journée.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('given_by__isnull', False), ('reason', 'handed')), models.Q(models.Q(('reason', 'handed'), _negated=True), ('given_by__isnull', True)), _connector='OR'), name='following_handed_by_someone', violation_error_message='Un dossier confié l’est par quelqu’un.'),
                    models.CheckConstraint(condition=models.Q(('reason__in', ['sent', 'worked', 'taken', 'handed', 'seconded', 'consulted'])), name='following_reason_known'),
                ],
            },
        ),
        ProtectTable("cases_authorisation"),
        ProtectTable("cases_case"),
        ProtectTable("cases_participation"),
        ProtectTable("cases_following"),
        ProtectTable("cases_threshold"),
        ProtectTable("cases_alert"),
        JournalTable("cases_authorisation", "id"),
        JournalTable("cases_case", "id"),
        JournalTable("cases_participation", "id"),
        JournalTable("cases_following", "id"),
        JournalTable("cases_threshold", "organisation_id"),
        JournalTable("cases_alert", "id"),
    ]
