"""Modules, sessions, places, sheets: their tables, closed and journalled from their first instant."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import maillage.core.identifiers
import maillage.training.states
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

# The policies of these tables name it: it is there before them, and goes after them.
ORGANISERS = """
-- The organisations with which the caller has a convention signed or in force: whose sessions « tous partenaires » it may follow.
CREATE FUNCTION training_organisers() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT other.organisation_id), '{}')
      FROM conventions_party mine
      JOIN conventions_party other ON other.convention_id = mine.convention_id AND other.role <> 'informed'
     WHERE mine.organisation_id = cases_caller() AND mine.role <> 'informed' AND mine.state IN ('signed', 'in_force')
$$;
REVOKE ALL ON FUNCTION training_organisers() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION training_organisers() TO maillage_app, maillage_worker;
"""
TABLES = ("module", "session", "attendee", "registration", "signoff", "presence")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ('audit', '0002_chain'),
        ('cases', '0002_sharing'),
        ('conventions', '0012_commitment_evidence'),
        ('documents', '0003_rewrapping'),
        ('organisations', '0009_directory'),
    ]

    operations = [
        migrations.RunSQL(ORGANISERS, 'DROP FUNCTION training_organisers()'),
        migrations.CreateModel(
            name='Attendee',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120, verbose_name='nom')),
                ('sort_name', models.CharField(max_length=120)),
                ('function', models.CharField(max_length=120, verbose_name='fonction')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='adresse professionnelle')),
                ('added_at', models.DateTimeField()),
                ('added_by', models.UUIDField()),
                ('added_for', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'personne inscrite à des séances',
            },
        ),
        migrations.CreateModel(
            name='Module',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('theme', models.CharField(max_length=20, verbose_name='thème')),
                ('title', models.CharField(max_length=160, verbose_name='titre')),
                ('teaches', models.CharField(max_length=1000, verbose_name='ce qu’il apprend')),
                ('audiences', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None, verbose_name='pour qui')),
                ('e_learning', models.URLField(blank=True, max_length=300, verbose_name='module en ligne')),
                ('added_at', models.DateTimeField(verbose_name='ajouté le')),
                ('added_by', models.UUIDField(verbose_name='par')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='retiré le')),
                ('withdrawn_by', models.UUIDField(blank=True, null=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'module de formation',
            },
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(default=maillage.training.states.State['PLANNED'], max_length=20, verbose_name='état')),
                ('starts_at', models.DateTimeField(verbose_name='de')),
                ('ends_at', models.DateTimeField(verbose_name='à')),
                ('time_zone', models.CharField(editable=False, max_length=40, verbose_name='fuseau horaire')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='lieu')),
                ('link', models.URLField(blank=True, max_length=300, verbose_name='lien')),
                ('capacity', models.PositiveSmallIntegerField(verbose_name='places')),
                ('registered', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='places prises')),
                ('trainer', models.CharField(help_text='Une fonction, pas un nom.', max_length=120, verbose_name='animée par')),
                ('planned_at', models.DateTimeField(verbose_name='prévue le')),
                ('planned_by', models.UUIDField(verbose_name='par')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='annulée ou signée le')),
                ('closed_by', models.UUIDField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, max_length=1000, verbose_name='raison de l’annulation')),
                ('dedicated_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conventions.convention', verbose_name='dédiée à')),
                ('module', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='training.module')),
                ('organiser', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'séance de formation',
            },
        ),
        migrations.CreateModel(
            name='Registration',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(default=maillage.training.states.Place['REGISTERED'], max_length=20, verbose_name='état')),
                ('rank', models.PositiveIntegerField(default=0, editable=False, verbose_name='rang')),
                ('asked_at', models.DateTimeField(verbose_name='demandée le')),
                ('asked_by', models.UUIDField(verbose_name='par')),
                ('moved_up_at', models.DateTimeField(blank=True, null=True, verbose_name='place obtenue le')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='désinscription le')),
                ('withdrawn_by', models.UUIDField(blank=True, null=True)),
                ('attendee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='registrations', to='training.attendee')),
                ('convention', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conventions.convention')),
                ('organiser', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='registrations', to='training.session')),
            ],
            options={
                'verbose_name': 'inscription à une séance',
            },
        ),
        migrations.CreateModel(
            name='SignOff',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField(default=1, editable=False, verbose_name='numéro')),
                ('listed', models.PositiveSmallIntegerField(verbose_name='lignes')),
                ('publics', models.PositiveSmallIntegerField(verbose_name='personnes du public')),
                ('reason', models.CharField(blank=True, max_length=1000, verbose_name='raison de la correction')),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.UUIDField()),
                ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
                ('organiser', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sign_offs', to='training.session')),
            ],
            options={
                'verbose_name': 'émargement',
            },
        ),
        migrations.CreateModel(
            name='Presence',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('outcome', models.CharField(max_length=20, verbose_name='présence')),
                ('attendee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='presences', to='training.attendee')),
                ('convention', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conventions.convention')),
                ('organiser', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('sign_off', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='presences', to='training.signoff')),
            ],
            options={
                'verbose_name': 'présence à une séance',
            },
        ),
        migrations.AddIndex(
            model_name='attendee',
            index=models.Index(fields=['organisation', 'sort_name'], name='attendee_organisation'),
        ),
        migrations.AddConstraint(
            model_name='attendee',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('function', ''), _negated=True)), name='attendee_named', violation_error_message='Dites le nom et la fonction.'),
        ),
        migrations.AddIndex(
            model_name='module',
            index=models.Index(fields=['organisation', 'title'], name='module_organisation'),
        ),
        migrations.AddConstraint(
            model_name='module',
            constraint=models.CheckConstraint(condition=models.Q(('theme__in', ['rights', 'care_pathway', 'renunciation', 'prevention', 'social_service', 'social_action', 'online_services'])), name='module_theme_known', violation_error_message='Choisissez un thème.'),
        ),
        migrations.AddConstraint(
            model_name='module',
            constraint=models.CheckConstraint(condition=models.Q(('audiences__contained_by', ['staff', 'volunteers', 'civic_service', 'public']), models.Q(('audiences', []), _negated=True)), name='module_audiences_known', violation_error_message='Dites pour qui.'),
        ),
        migrations.AddConstraint(
            model_name='module',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('title', ''), _negated=True), models.Q(('teaches', ''), _negated=True)), name='module_described', violation_error_message='Dites ce que le module apprend.'),
        ),
        migrations.AddConstraint(
            model_name='module',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_by__isnull', True)), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False)), _connector='OR'), name='module_withdrawn_by_someone', violation_error_message='Un module est retiré par quelqu’un, un jour donné.'),
        ),
        migrations.AddIndex(
            model_name='session',
            index=models.Index(fields=['organiser', 'starts_at'], name='session_organiser'),
        ),
        migrations.AddIndex(
            model_name='session',
            index=models.Index(fields=['dedicated_to', 'starts_at'], name='session_convention'),
        ),
        migrations.AddIndex(
            model_name='session',
            index=models.Index(fields=['module'], name='session_module'),
        ),
        migrations.AddConstraint(
            model_name='session',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'held', 'cancelled'])), name='session_state_known'),
        ),
        migrations.AddConstraint(
            model_name='session',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='session_hours_ordered', violation_error_message='La fin ne peut pas précéder le début.'),
        ),
        migrations.AddConstraint(
            model_name='session',
            constraint=models.CheckConstraint(condition=models.Q(('capacity__gte', 1), ('capacity__lte', 1000)), name='session_capacity_bounded', violation_error_message='Choisissez de 1 à 1000 places.'),
        ),
        migrations.AddConstraint(
            model_name='session',
            constraint=models.CheckConstraint(condition=models.Q(('registered__lte', models.F('capacity'))), name='session_within_capacity', violation_error_message='Plus de personnes ont déjà une place : gardez-en au moins autant.'),
        ),
        migrations.AddConstraint(
            model_name='session',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('place', ''), _negated=True), models.Q(('link', ''), _negated=True), _connector='OR'), name='session_somewhere', violation_error_message='Dites où la séance se tient, ou donnez son lien.'),
        ),
        migrations.AddConstraint(
            model_name='session',
            constraint=models.CheckConstraint(condition=models.Q(('trainer', ''), _negated=True), name='session_has_a_trainer', violation_error_message='Dites qui anime : une fonction, pas un nom.'),
        ),
        migrations.AddConstraint(
            model_name='session',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('closed_by__isnull', True), ('state', 'planned')), models.Q(models.Q(('state', 'planned'), _negated=True), ('closed_at__isnull', False), ('closed_by__isnull', False)), _connector='OR'), name='session_closed_by_someone', violation_error_message='Une séance est annulée ou signée par quelqu’un, un jour donné.'),
        ),
        migrations.AddConstraint(
            model_name='session',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'cancelled'), models.Q(('reason', ''), _negated=True)), models.Q(models.Q(('state', 'cancelled'), _negated=True), ('reason', '')), _connector='OR'), name='session_cancelled_for_a_reason', violation_error_message='Une séance s’annule avec sa raison.'),
        ),
        migrations.AddIndex(
            model_name='registration',
            index=models.Index(fields=['partner', 'session'], name='registration_partner'),
        ),
        migrations.AddIndex(
            model_name='registration',
            index=models.Index(fields=['attendee'], name='registration_attendee'),
        ),
        migrations.AddConstraint(
            model_name='registration',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'withdrawn'), _negated=True), fields=('session', 'attendee'), name='registration_once', violation_error_message='Cette personne est déjà inscrite.'),
        ),
        migrations.AddConstraint(
            model_name='registration',
            constraint=models.UniqueConstraint(fields=('session', 'rank'), name='registration_rank_once'),
        ),
        migrations.AddConstraint(
            model_name='registration',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['registered', 'waiting', 'withdrawn'])), name='registration_state_known'),
        ),
        migrations.AddConstraint(
            model_name='registration',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), ('withdrawn_at__isnull', False)), models.Q(models.Q(('state', 'withdrawn'), _negated=True), ('withdrawn_at__isnull', True), ('withdrawn_by__isnull', True)), _connector='OR'), name='registration_withdrawn_one_day', violation_error_message='Une désinscription a son jour.'),
        ),
        migrations.AddConstraint(
            model_name='registration',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'waiting'), _negated=True), ('moved_up_at__isnull', True), _connector='OR'), name='registration_waits_or_not'),
        ),
        migrations.AddConstraint(
            model_name='signoff',
            constraint=models.UniqueConstraint(fields=('session', 'number'), name='signoff_number_once'),
        ),
        migrations.AddConstraint(
            model_name='signoff',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('number', 1), ('reason', '')), models.Q(('number__gt', 1), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='signoff_corrects_for_a_reason', violation_error_message='Une correction se note avec sa raison.'),
        ),
        migrations.AddIndex(
            model_name='presence',
            index=models.Index(fields=['convention'], name='presence_convention'),
        ),
        migrations.AddIndex(
            model_name='presence',
            index=models.Index(fields=['attendee'], name='presence_attendee'),
        ),
        migrations.AddIndex(
            model_name='presence',
            index=models.Index(fields=['partner'], name='presence_partner'),
        ),
        migrations.AddConstraint(
            model_name='presence',
            constraint=models.UniqueConstraint(fields=('sign_off', 'attendee'), name='presence_once'),
        ),
        migrations.AddConstraint(
            model_name='presence',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['present', 'absent', 'unannounced'])), name='presence_outcome_known'),
        ),
        *(ProtectTable(f"training_{table}") for table in TABLES),
        *(JournalTable(f"training_{table}", "id") for table in TABLES),
    ]
