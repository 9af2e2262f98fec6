"""The directory: territories, what organisations offer and where, mailboxes, imports."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.expressions
import maillage.core.identifiers
from django.conf import settings
from django.db import migrations, models

from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0010_user_one_time_password'),
        ('audit', '0002_chain'),
    ]

    operations = [
        migrations.CreateModel(
            name='DirectoryImport',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('file_name', models.CharField(max_length=200, verbose_name='nom du fichier')),
                ('content', models.BinaryField(verbose_name='fichier, compressé')),
                ('state', models.CharField(default='uploaded', max_length=12, verbose_name='état')),
                ('uploaded_at', models.DateTimeField(verbose_name='déposé le')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='confirmé le')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='terminé le')),
                ('done', models.IntegerField(default=0, verbose_name='lignes traitées')),
                ('total', models.IntegerField(default=0, verbose_name='lignes')),
                ('rehearsal', models.JSONField(default=dict, verbose_name='résultat de l’essai')),
                ('application', models.JSONField(default=dict, verbose_name='résultat de l’import')),
                ('fault', models.TextField(blank=True, verbose_name='pourquoi le fichier est refusé')),
            ],
            options={
                'verbose_name': 'import de l’annuaire',
            },
        ),
        migrations.CreateModel(
            name='ImportPart',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('stage', models.CharField(max_length=12, verbose_name='étape')),
                ('number', models.IntegerField(verbose_name='numéro')),
                ('outcomes', models.JSONField(verbose_name='lignes')),
            ],
            options={
                'verbose_name': 'morceau de compte rendu',
            },
        ),
        migrations.CreateModel(
            name='Mailbox',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('territory', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=5), blank=True, db_default=django.db.models.expressions.RawSQL("'{}'", []), default=list, help_text='Vide : celui de l’organisme.', size=None, verbose_name='territoire')),
                ('covers', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=5), db_default=django.db.models.expressions.RawSQL("'{}'", []), default=list, editable=False, size=None)),
                ('assured_on', models.DateField(verbose_name='assurée le')),
                ('withdrawn_on', models.DateField(blank=True, null=True, verbose_name='retirée le')),
                ('use', models.CharField(max_length=20, verbose_name='usage')),
                ('level', models.CharField(max_length=12, verbose_name='niveau')),
                ('address', models.EmailField(max_length=254, verbose_name='adresse électronique')),
                ('label', models.CharField(blank=True, max_length=200, verbose_name='précision')),
            ],
            options={
                'verbose_name': 'boîte',
            },
        ),
        migrations.CreateModel(
            name='Offer',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('territory', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=5), blank=True, db_default=django.db.models.expressions.RawSQL("'{}'", []), default=list, help_text='Vide : celui de l’organisme.', size=None, verbose_name='territoire')),
                ('covers', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=5), db_default=django.db.models.expressions.RawSQL("'{}'", []), default=list, editable=False, size=None)),
                ('assured_on', models.DateField(verbose_name='assurée le')),
                ('withdrawn_on', models.DateField(blank=True, null=True, verbose_name='retirée le')),
                ('service', models.CharField(max_length=40, verbose_name='service')),
                ('place', models.CharField(max_length=200, verbose_name='lieu')),
                ('address', models.TextField(blank=True, verbose_name='adresse')),
                ('commune', models.CharField(blank=True, max_length=5, verbose_name='commune')),
                ('reception', models.CharField(max_length=20, verbose_name='accueil')),
                ('hours', models.TextField(blank=True, verbose_name='horaires')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='téléphone')),
                ('mailbox', models.EmailField(blank=True, max_length=254, verbose_name='adresse électronique')),
                ('bring', models.TextField(blank=True, verbose_name='à apporter')),
            ],
            options={
                'verbose_name': 'offre',
            },
        ),
        migrations.RemoveConstraint(
            model_name='organisation',
            name='organisation_kind_known',
        ),
        migrations.RemoveIndex(
            model_name='organisation',
            name='organisation_sort',
        ),
        migrations.AddField(
            model_name='organisation',
            name='assured_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='assurée par'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='assured_on',
            field=models.DateField(blank=True, null=True, verbose_name='assurée le'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='closed_on',
            field=models.DateField(blank=True, help_text='Premier jour où il n’agit plus.', null=True, verbose_name='fermé le'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='code',
            field=models.CharField(blank=True, db_default='', help_text='Celui de son réseau : code de caisse…', max_length=20, verbose_name='code'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='commune',
            field=models.CharField(blank=True, db_default='', help_text='Code INSEE de son siège.', max_length=5, verbose_name='commune'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='covers',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=5), db_default=django.db.models.expressions.RawSQL("'{}'", []), default=list, editable=False, help_text='Écrit par la base : le territoire déclaré, ou celui qui en tient lieu.', size=None, verbose_name='territoire servi'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='finess',
            field=models.CharField(blank=True, db_default='', max_length=9, verbose_name='FINESS'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='successor',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation', verbose_name='remplacé par'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='territory',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=5), blank=True, db_default=django.db.models.expressions.RawSQL("'{}'", []), default=list, help_text='Codes de zones (territories) ; vide : celui qui découle de sa nature.', size=None, verbose_name='territoire déclaré'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='words',
            field=django.contrib.postgres.search.SearchVectorField(editable=False, help_text='Écrits par la base.', null=True, verbose_name='mots cherchés'),
        ),
        migrations.AlterField(
            model_name='organisation',
            name='kind',
            field=models.CharField(choices=[('cnam', 'Cnam'), ('cpam', 'CPAM'), ('ccss', 'CCSS'), ('cgss', 'CGSS'), ('cssm', 'CSSM'), ('carsat', 'CARSAT'), ('cramif', 'CRAMIF'), ('drsm', 'DRSM'), ('ces', 'Centre d’examens de santé'), ('cnaf', 'Cnaf'), ('caf', 'CAF'), ('cnav', 'Cnav'), ('cnsa', 'CNSA'), ('msa', 'MSA'), ('mdph', 'MDPH'), ('ars', 'ARS'), ('state', 'État'), ('departement', 'Département'), ('region', 'Région'), ('commune', 'Commune'), ('ccas', 'CCAS'), ('cias', 'CIAS'), ('hospital', 'Établissement de santé'), ('pass', 'PASS'), ('health_centre', 'Centre de santé'), ('association', 'Association'), ('mutual', 'Mutuelle'), ('penitentiary', 'Établissement pénitentiaire'), ('school', 'Établissement d’enseignement'), ('france_travail', 'France Travail'), ('mission_locale', 'Mission locale'), ('france_services', 'France services'), ('other', 'Autre organisme')], max_length=20, verbose_name='nature'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=models.Index(fields=['sort_name', 'id'], name='organisation_sort'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=models.Index(fields=['kind', 'sort_name', 'id'], name='organisation_kind_sort'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=models.Index(fields=['departement', 'sort_name', 'id'], name='organisation_dep_sort'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=models.Index(fields=['parent'], name='organisation_units'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=django.contrib.postgres.indexes.GinIndex(fields=['words'], name='organisation_words'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['covers'], name='organisation_covers'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.UniqueConstraint(condition=models.Q(('code', ''), _negated=True), fields=('kind', 'code'), name='organisation_code_once', violation_error_message='Ce code est déjà celui d’un autre organisme de même nature.'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['cnam', 'cpam', 'ccss', 'cgss', 'cssm', 'carsat', 'cramif', 'drsm', 'ces', 'cnaf', 'caf', 'cnav', 'cnsa', 'msa', 'mdph', 'ars', 'state', 'departement', 'region', 'commune', 'ccas', 'cias', 'hospital', 'pass', 'health_centre', 'association', 'mutual', 'penitentiary', 'school', 'france_travail', 'mission_locale', 'france_services', 'other'])), name='organisation_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('finess', ''), ('finess__regex', '^[0-9][0-9AB][0-9]{7}$'), _connector='OR'), name='organisation_finess_shape', violation_error_message='Un numéro FINESS compte 9 caractères.'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('assured_by__isnull', True), ('assured_on__isnull', True)), models.Q(('assured_by__isnull', False), ('assured_on__isnull', False)), _connector='OR'), name='organisation_assured_by_someone', violation_error_message='Une fiche est assurée par quelqu’un, un jour donné.'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('successor__isnull', True), ('closed_on__isnull', False), _connector='OR'), name='organisation_successor_of_a_closed_one', violation_error_message='Seul un organisme fermé est remplacé.'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('successor__isnull', True), models.Q(('successor', models.F('id')), _negated=True), _connector='OR'), name='organisation_successor_is_another', violation_error_message='Un organisme ne se remplace pas lui-même.'),
        ),
        migrations.AddField(
            model_name='directoryimport',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='déposé par'),
        ),
        migrations.AddField(
            model_name='directoryimport',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation'),
        ),
        migrations.AddField(
            model_name='importpart',
            name='of',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='organisations.directoryimport'),
        ),
        migrations.AddField(
            model_name='importpart',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation'),
        ),
        migrations.AddField(
            model_name='mailbox',
            name='assured_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='mailbox',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation'),
        ),
        migrations.AddField(
            model_name='offer',
            name='assured_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='offer',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation'),
        ),
        migrations.AddIndex(
            model_name='directoryimport',
            index=models.Index(fields=['organisation', '-uploaded_at'], name='import_organisation'),
        ),
        migrations.AddConstraint(
            model_name='directoryimport',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['uploaded', 'rehearsed', 'confirmed', 'applied', 'refused', 'abandoned'])), name='import_state_known'),
        ),
        migrations.AddConstraint(
            model_name='directoryimport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['confirmed', 'applied']), _negated=True), ('confirmed_at__isnull', False), _connector='OR'), name='import_confirmed_by_someone', violation_error_message='Un import est confirmé avant d’être appliqué.'),
        ),
        migrations.AddConstraint(
            model_name='directoryimport',
            constraint=models.CheckConstraint(condition=models.Q(('done__gte', 0), ('total__gte', 0)), name='import_counts_positive'),
        ),
        migrations.AddConstraint(
            model_name='importpart',
            constraint=models.UniqueConstraint(fields=('of', 'stage', 'number'), name='importpart_once'),
        ),
        migrations.AddConstraint(
            model_name='importpart',
            constraint=models.CheckConstraint(condition=models.Q(('stage__in', ['rehearsal', 'application'])), name='importpart_stage_known'),
        ),
        migrations.AddIndex(
            model_name='mailbox',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['covers'], name='mailbox_covers'),
        ),
        migrations.AddConstraint(
            model_name='mailbox',
            constraint=models.CheckConstraint(condition=models.Q(('use__in', ['general', 'prado', 'referents', 'rights', 'ssam', 'dpo'])), name='mailbox_use_known'),
        ),
        migrations.AddConstraint(
            model_name='mailbox',
            constraint=models.CheckConstraint(condition=models.Q(('level__in', ['national', 'regional', 'departement', 'local'])), name='mailbox_level_known'),
        ),
        migrations.AddConstraint(
            model_name='mailbox',
            constraint=models.CheckConstraint(condition=models.Q(('withdrawn_on__isnull', True), ('withdrawn_on__gte', models.F('assured_on')), _connector='OR'), name='mailbox_dates_ordered', violation_error_message='Le retrait ne peut pas précéder le jour où la boîte a été assurée.'),
        ),
        migrations.AddConstraint(
            model_name='mailbox',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_on__isnull', True)), fields=('organisation', 'use', 'address'), name='mailbox_once', violation_error_message='Cette boîte est déjà donnée pour cet usage.'),
        ),
        migrations.AddIndex(
            model_name='offer',
            index=models.Index(fields=['organisation', 'service'], name='offer_organisation'),
        ),
        migrations.AddIndex(
            model_name='offer',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['covers'], name='offer_covers'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(('reception__in', ['open', 'appointment', 'both', 'phone'])), name='offer_reception_known'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(('withdrawn_on__isnull', True), ('withdrawn_on__gte', models.F('assured_on')), _connector='OR'), name='offer_dates_ordered', violation_error_message='Le retrait ne peut pas précéder le jour où l’offre a été assurée.'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('address', ''), _negated=True), models.Q(('phone', ''), _negated=True), models.Q(('mailbox', ''), _negated=True), _connector='OR'), name='offer_can_be_reached', violation_error_message='Indiquez une adresse, un téléphone ou une adresse électronique.'),
        ),
        ProtectTable("organisations_directoryimport"),
        ProtectTable("organisations_importpart"),
        ProtectTable("organisations_mailbox"),
        ProtectTable("organisations_offer"),
        JournalTable("organisations_directoryimport", "id"),
        JournalTable("organisations_mailbox", "id"),
        JournalTable("organisations_offer", "id"),
    ]
