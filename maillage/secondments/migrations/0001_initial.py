"""Secondments, permanences, appointments: their tables, closed and journalled from their first instant."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import maillage.core.identifiers
import maillage.secondments.states
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
            name='Secondment',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('convention_id', models.UUIDField(verbose_name='convention')),
                ('agent_id', models.UUIDField(verbose_name='agent délégué')),
                ('place', models.CharField(max_length=200, verbose_name='lieu')),
                ('article', models.CharField(editable=False, max_length=40, verbose_name='article')),
                ('time_zone', models.CharField(editable=False, max_length=40, verbose_name='fuseau horaire')),
                ('departement', models.CharField(blank=True, editable=False, max_length=3, verbose_name='département')),
                ('since', models.DateField(verbose_name='du')),
                ('until', models.DateField(blank=True, help_text='Dernier jour.', null=True, verbose_name='au')),
                ('set_up_at', models.DateTimeField(verbose_name='mise en place le')),
                ('set_up_by', models.UUIDField(verbose_name='par')),
                ('authorisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.authorisation')),
                ('caisse', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('host', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'mise à disposition d’un agent',
                'indexes': [
                    models.Index(fields=['caisse', '-since'], name='secondment_caisse'),
                    models.Index(fields=['host', '-since'], name='secondment_host'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gte', models.F('since')), _connector='OR'), name='secondment_dates_ordered', violation_error_message='Le dernier jour ne peut pas précéder le premier.'),
                    models.CheckConstraint(condition=models.Q(('place', ''), _negated=True), name='secondment_somewhere', violation_error_message='Dites où l’agent reçoit.'),
                    models.CheckConstraint(condition=models.Q(('caisse', models.F('host')), _negated=True), name='secondment_two_sides', violation_error_message='La caisse ne s’accueille pas elle-même.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Permanence',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('weekday', models.PositiveSmallIntegerField(verbose_name='jour')),
                ('starts', models.TimeField(verbose_name='de')),
                ('ends', models.TimeField(verbose_name='à')),
                ('minutes', models.PositiveSmallIntegerField(verbose_name='durée d’un rendez-vous (minutes)')),
                ('every', models.PositiveSmallIntegerField(default=1, verbose_name='toutes les (semaines)')),
                ('since', models.DateField(verbose_name='du')),
                ('until', models.DateField(blank=True, help_text='Dernier jour.', null=True, verbose_name='au')),
                ('secondment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='permanences', to='secondments.secondment')),
            ],
            options={
                'verbose_name': 'permanence',
                'indexes': [
                    models.Index(fields=['secondment'], name='permanence_secondment'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('weekday__in', [0, 1, 2, 3, 4, 5, 6])), name='permanence_weekday_known', violation_error_message='Choisissez un jour.'),
                    models.CheckConstraint(condition=models.Q(('ends__gt', models.F('starts'))), name='permanence_hours_ordered', violation_error_message='La fin ne peut pas précéder le début.'),
                    models.CheckConstraint(condition=models.Q(('minutes__gte', 10), ('minutes__lte', 120)), name='permanence_length_bounded', violation_error_message='Un rendez-vous dure de 10 à 120 minutes.'),
                    models.CheckConstraint(condition=models.Q(('every__gte', 1), ('every__lte', 4)), name='permanence_rhythm_bounded', violation_error_message='Une permanence revient toutes les 1 à 4 semaines.'),
                    models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gte', models.F('since')), _connector='OR'), name='permanence_dates_ordered', violation_error_message='Le dernier jour ne peut pas précéder le premier.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='appointment', serialize=False, to='cases.case')),
                ('state', models.CharField(default=maillage.secondments.states.State['BOOKED'], max_length=20, verbose_name='état')),
                ('starts_at', models.DateTimeField(verbose_name='de')),
                ('ends_at', models.DateTimeField(verbose_name='à')),
                ('service', models.CharField(max_length=40, verbose_name='motif')),
                ('papers', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, default=list, size=None, verbose_name='à apporter')),
                ('booked_at', models.DateTimeField(verbose_name='pris le')),
                ('booked_by', models.UUIDField(verbose_name='par')),
                ('moved_at', models.DateTimeField(blank=True, null=True, verbose_name='déplacé le')),
                ('moved_by', models.UUIDField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='noté le')),
                ('closed_by', models.UUIDField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, max_length=20, verbose_name='suite')),
                ('cancelled_for', models.CharField(blank=True, max_length=10, verbose_name='annulé')),
                ('follows', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='secondments.appointment', verbose_name='fait suite à')),
                ('secondment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='secondments.secondment')),
            ],
            options={
                'verbose_name': 'rendez-vous',
                'indexes': [
                    models.Index(fields=['secondment', 'starts_at'], name='appointment_agenda'),
                ],
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('state__in', ['booked', 'held', 'missed'])), fields=('secondment', 'starts_at'), name='appointment_slot_once', violation_error_message='Ce créneau vient d’être pris : choisissez-en un autre.'),
                    models.CheckConstraint(condition=models.Q(('state__in', ['booked', 'held', 'missed', 'cancelled'])), name='appointment_state_known'),
                    models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='appointment_hours_ordered', violation_error_message='Un rendez-vous finit après son début.'),
                    models.CheckConstraint(condition=models.Q(('papers__contained_by', ['identity', 'vitale', 'residence', 'resources', 'tax_notice', 'bank', 'civil_status', 'letters'])), name='appointment_papers_known', violation_error_message='Choisissez les pièces dans la liste.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('moved_at__isnull', True), ('moved_by__isnull', True)), models.Q(('moved_at__isnull', False), ('moved_by__isnull', False)), _connector='OR'), name='appointment_moved_by_someone', violation_error_message='Un rendez-vous est déplacé par quelqu’un, un jour donné.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('closed_by__isnull', True), ('state', 'booked')), models.Q(models.Q(('state', 'booked'), _negated=True), ('closed_at__isnull', False), ('closed_by__isnull', False)), _connector='OR'), name='appointment_closed_by_someone', violation_error_message='Ce qu’il est advenu d’un rendez-vous est noté par quelqu’un, un jour donné.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('outcome__in', ['informed', 'lodged', 'opened', 'redirected', 'papers_missing', 'see_again']), ('state', 'held')), models.Q(models.Q(('state', 'held'), _negated=True), ('outcome', '')), _connector='OR'), name='appointment_held_has_its_outcome', violation_error_message='Un rendez-vous tenu dit sa suite.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('cancelled_for__in', ['person', 'host', 'caisse']), ('state', 'cancelled')), models.Q(models.Q(('state', 'cancelled'), _negated=True), ('cancelled_for', '')), _connector='OR'), name='appointment_cancelled_says_for_whom', violation_error_message='Un rendez-vous annulé dit à la demande de qui.'),
                ],
            },
        ),
        ProtectTable("secondments_secondment"),
        ProtectTable("secondments_permanence"),
        ProtectTable("secondments_appointment"),
        JournalTable("secondments_secondment", "id"),
        JournalTable("secondments_permanence", "id"),
        JournalTable("secondments_appointment", "case_id"),
    ]
