"""Supports, versions, stocks and counts: their tables, closed from their first instant; counts leave no entry in the journal."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import maillage.catalogue.states
import maillage.core.identifiers
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("audit", "0002_chain"),
        ("documents", "0001_initial"),
        ("organisations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name='Support',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=20, verbose_name='nature')),
                ('title', models.CharField(max_length=120, verbose_name='titre')),
                ('sort_title', models.CharField(editable=False, help_text='Titre sans accents ni majuscules.', max_length=240)),
                ('words', models.TextField(editable=False, verbose_name='mots cherchés')),
                ('purpose', models.CharField(max_length=600, verbose_name='à quoi il sert')),
                ('audience', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None, verbose_name='pour qui')),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), size=None, verbose_name='langues')),
                ('services', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None, verbose_name='services')),
                ('code', models.CharField(editable=False, max_length=10, unique=True, verbose_name='code de l’adresse à imprimer')),
                ('first_published_at', models.DateTimeField(blank=True, null=True, verbose_name='publié la première fois le')),
                ('created_at', models.DateTimeField(verbose_name='créé le')),
                ('created_by', models.UUIDField(verbose_name='par')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'support',
                'indexes': [
                    models.Index(fields=['sort_title', 'id'], name='support_listed'),
                    models.Index(fields=['organisation', 'sort_title'], name='support_of_an_owner'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('id', 'organisation'), name='support_and_its_owner'),
                    models.CheckConstraint(condition=models.Q(('kind__in', ['form', 'leaflet', 'poster', 'paper_guide', 'talking_points', 'video', 'simulator', 'e_learning', 'link'])), name='support_kind_known', violation_error_message='Choisissez une nature dans la liste.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('title', ''), _negated=True), models.Q(('purpose', ''), _negated=True)), name='support_described', violation_error_message='Un support a un titre, et dit à quoi il sert.'),
                    models.CheckConstraint(condition=models.Q(('audience__contained_by', ['professionals', 'publics']), models.Q(('audience', []), _negated=True)), name='support_audience_known', violation_error_message='Dites pour qui est ce support.'),
                    models.CheckConstraint(condition=models.Q(('languages__contained_by', ['fr', 'fr_easy', 'lsf', 'en', 'ar', 'bn', 'zh', 'es', 'fa', 'ka', 'pt', 'ps', 'ro', 'ru', 'so', 'ti', 'tr', 'uk', 'ur']), models.Q(('languages', []), _negated=True)), name='support_languages_known', violation_error_message='Dites en quelle langue est ce support.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='SupportVersion',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('label', models.CharField(max_length=60, verbose_name='version')),
                ('changes', models.CharField(blank=True, max_length=400, verbose_name='ce qui change')),
                ('link', models.CharField(blank=True, max_length=500, verbose_name='lien')),
                ('state', models.CharField(default=maillage.catalogue.states.State['DRAFT'], max_length=20, verbose_name='état')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='valable à partir du')),
                ('valid_until', models.DateField(blank=True, help_text='Dernier jour.', null=True, verbose_name='valable jusqu’au')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='publiée le')),
                ('published_by', models.UUIDField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='close le')),
                ('closed_by', models.UUIDField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='raison du retrait')),
                ('created_at', models.DateTimeField(verbose_name='créée le')),
                ('created_by', models.UUIDField(verbose_name='par')),
                ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('replaced_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.support', verbose_name='à utiliser à la place')),
                ('support', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='catalogue.support')),
            ],
            options={
                'verbose_name': 'version d’un support',
                'indexes': [
                    models.Index(fields=['organisation', 'valid_until'], name='version_ends'),
                    models.Index(fields=['organisation', 'published_at'], name='version_published'),
                ],
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('state', 'discarded'), _negated=True), fields=('support', 'label'), name='version_named_once', violation_error_message='Ce support a déjà une version de ce nom.'),
                    models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'published', 'replaced', 'withdrawn', 'discarded'])), name='version_state_known'),
                    models.CheckConstraint(condition=models.Q(('label', ''), _negated=True), name='version_named', violation_error_message='Nommez cette version.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('document__isnull', False), ('link', '')), models.Q(('document__isnull', True), models.Q(('link', ''), _negated=True)), _connector='OR'), name='version_is_one_thing', violation_error_message='Une version est un fichier, ou un lien.'),
                    models.CheckConstraint(condition=models.Q(('link', ''), ('link__regex', '^https://[^[:space:]]+$'), _connector='OR'), name='version_link_is_https', violation_error_message='Une adresse commence par https://.'),
                    models.CheckConstraint(condition=models.Q(('valid_until__isnull', True), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='version_days_ordered', violation_error_message='La fin de validité ne peut pas précéder le premier jour.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('published_at__isnull', True), ('published_by__isnull', True), ('state__in', ['discarded', 'draft']), ('valid_from__isnull', True), ('valid_until__isnull', True)), models.Q(('published_at__isnull', False), ('published_by__isnull', False), ('state__in', ['published', 'replaced', 'withdrawn']), ('valid_from__isnull', False)), _connector='OR'), name='version_published_by_someone', violation_error_message='Une version publiée l’est par quelqu’un, pour des jours donnés.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('closed_by__isnull', False), ('state__in', ['discarded', 'replaced', 'withdrawn'])), models.Q(('closed_at__isnull', True), ('closed_by__isnull', True), models.Q(('state__in', ['discarded', 'replaced', 'withdrawn']), _negated=True)), _connector='OR'), name='version_closed_by_someone', violation_error_message='Une version est close par quelqu’un, un jour donné.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), models.Q(('reason', ''), _negated=True)), models.Q(models.Q(('state', 'withdrawn'), _negated=True), ('reason', ''), ('replaced_by__isnull', True)), _connector='OR'), name='version_withdrawn_says_why', violation_error_message='Une version retirée dit pourquoi.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Stock',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('threshold', models.PositiveIntegerField(blank=True, null=True, verbose_name='prévenir en dessous de')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('support', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.support')),
            ],
            options={
                'verbose_name': 'stock d’un support',
                'constraints': [
                    models.UniqueConstraint(fields=('organisation', 'support'), name='stock_once'),
                    models.UniqueConstraint(fields=('id', 'organisation'), name='stock_and_its_holder'),
                ],
            },
        ),
        migrations.CreateModel(
            name='StockMovement',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField(default=0, editable=False, verbose_name='rang')),
                ('kind', models.CharField(max_length=10, verbose_name='mouvement')),
                ('quantity', models.PositiveIntegerField(verbose_name='nombre')),
                ('day', models.DateField(verbose_name='jour')),
                ('balance', models.IntegerField(default=0, editable=False, verbose_name='reste')),
                ('noted_at', models.DateTimeField(verbose_name='noté le')),
                ('noted_by', models.UUIDField(verbose_name='par')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('recipient', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation', verbose_name='à quel organisme')),
                ('stock', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='catalogue.stock')),
            ],
            options={
                'verbose_name': 'mouvement d’un stock',
                'indexes': [
                    models.Index(fields=['stock', '-number'], name='movement_last'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('stock', 'number'), name='movement_rank_once'),
                    models.CheckConstraint(condition=models.Q(('kind__in', ['received', 'sent', 'counted'])), name='movement_kind_known', violation_error_message='Choisissez un mouvement dans la liste.'),
                    models.CheckConstraint(condition=models.Q(('kind', 'counted'), ('quantity__gte', 1), _connector='OR'), name='movement_moves_something', violation_error_message='Écrivez combien.'),
                    models.CheckConstraint(condition=models.Q(('kind', 'sent'), ('recipient__isnull', True), _connector='OR'), name='movement_recipient_is_sent_to', violation_error_message='Seul ce qui est remis a un destinataire.'),
                    models.CheckConstraint(condition=models.Q(('balance__gte', 0)), name='stock_never_below_zero', violation_error_message='Il n’en reste pas autant.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='SupportCount',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('day', models.DateField(verbose_name='jour')),
                ('way', models.CharField(max_length=10, verbose_name='par quelle adresse')),
                ('openings', models.PositiveBigIntegerField(verbose_name='ouvertures')),
                ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.supportversion')),
            ],
            options={
                'verbose_name': 'ouvertures d’un support',
                'constraints': [
                    models.UniqueConstraint(fields=('version', 'day', 'organisation', 'way'), name='count_once', nulls_distinct=False),
                    models.CheckConstraint(condition=models.Q(('way__in', ['code', 'page'])), name='count_way_known'),
                    models.CheckConstraint(condition=models.Q(('openings__gte', 1)), name='count_of_something'),
                ],
            },
        ),
        ProtectTable("catalogue_support"),
        ProtectTable("catalogue_supportversion"),
        ProtectTable("catalogue_stock"),
        ProtectTable("catalogue_stockmovement"),
        ProtectTable("catalogue_supportcount"),
        JournalTable("catalogue_support", "id"),
        JournalTable("catalogue_supportversion", "id"),
        JournalTable("catalogue_stock", "id"),
        JournalTable("catalogue_stockmovement", "id"),
    ]
