"""The tables of this room, closed and journalled from their first instant."""

import datetime

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import maillage.core.identifiers
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("audit", "0002_chain"),
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='adresse électronique')),
                ('full_name', models.CharField(max_length=150, verbose_name='nom')),
                ('is_active', models.BooleanField(default=True, verbose_name='actif')),
                ('one_time_password', models.BooleanField(db_default=False, default=False, help_text='Donné par un autre : il ne sert qu’à en choisir un.', verbose_name='mot de passe à changer')),
            ],
            options={
                'verbose_name': 'personne',
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='user_email_lowercase'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('cnam', 'Cnam'), ('cpam', 'CPAM'), ('ccss', 'CCSS'), ('cgss', 'CGSS'), ('cssm', 'CSSM'), ('carsat', 'CARSAT'), ('cramif', 'CRAMIF'), ('drsm', 'DRSM'), ('ces', 'Centre d’examens de santé'), ('cnaf', 'Cnaf'), ('caf', 'CAF'), ('cnav', 'Cnav'), ('cnsa', 'CNSA'), ('msa', 'MSA'), ('mdph', 'MDPH'), ('ars', 'ARS'), ('state', 'État'), ('departement', 'Département'), ('region', 'Région'), ('commune', 'Commune'), ('ccas', 'CCAS'), ('cias', 'CIAS'), ('hospital', 'Établissement de santé'), ('pass', 'PASS'), ('health_centre', 'Centre de santé'), ('association', 'Association'), ('mutual', 'Mutuelle'), ('penitentiary', 'Établissement pénitentiaire'), ('school', 'Établissement d’enseignement'), ('france_travail', 'France Travail'), ('mission_locale', 'Mission locale'), ('france_services', 'France services'), ('other', 'Autre organisme')], max_length=20, verbose_name='nature')),
                ('name', models.CharField(max_length=200, verbose_name='nom')),
                ('short_name', models.CharField(max_length=60, verbose_name='nom court')),
                ('sort_name', models.CharField(help_text='Nom sans accents ni majuscules : clé de tri stockée.', max_length=200)),
                ('siret', models.CharField(blank=True, max_length=14, verbose_name='SIRET')),
                ('address', models.TextField(blank=True, verbose_name='adresse')),
                ('departement', models.CharField(blank=True, max_length=3, verbose_name='département')),
                ('time_zone', models.CharField(default='Europe/Paris', max_length=40, verbose_name='fuseau horaire')),
                ('mailbox', models.EmailField(blank=True, max_length=254, verbose_name='boîte générique')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='téléphone')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='organisations.organisation')),
                ('assured_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='assurée par')),
                ('assured_on', models.DateField(blank=True, null=True, verbose_name='assurée le')),
                ('closed_on', models.DateField(blank=True, help_text='Premier jour où il n’agit plus.', null=True, verbose_name='fermé le')),
                ('code', models.CharField(blank=True, db_default='', help_text='Celui de son réseau : code de caisse…', max_length=20, verbose_name='code')),
                ('commune', models.CharField(blank=True, db_default='', help_text='Code INSEE de son siège.', max_length=5, verbose_name='commune')),
                ('covers', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=5), db_default=django.db.models.expressions.RawSQL("'{}'", []), default=list, editable=False, help_text='Écrit par la base : le territoire déclaré, ou celui qui en tient lieu.', size=None, verbose_name='territoire servi')),
                ('finess', models.CharField(blank=True, db_default='', max_length=9, verbose_name='FINESS')),
                ('successor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation', verbose_name='remplacé par')),
                ('territory', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=5), blank=True, db_default=django.db.models.expressions.RawSQL("'{}'", []), default=list, help_text='Codes de zones (territories) ; vide : celui qui découle de sa nature.', size=None, verbose_name='territoire déclaré')),
                ('words', django.contrib.postgres.search.SearchVectorField(editable=False, help_text='Écrits par la base.', null=True, verbose_name='mots cherchés')),
            ],
            options={
                'verbose_name': 'organisme',
                'indexes': [
                    models.Index(fields=['sort_name', 'id'], name='organisation_sort'),
                    models.Index(fields=['kind', 'sort_name', 'id'], name='organisation_kind_sort'),
                    models.Index(fields=['departement', 'sort_name', 'id'], name='organisation_dep_sort'),
                    models.Index(fields=['parent'], name='organisation_units'),
                    django.contrib.postgres.indexes.GinIndex(fields=['words'], name='organisation_words'),
                    django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['covers'], name='organisation_covers'),
                ],
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('siret', ''), _negated=True), fields=('siret',), name='organisation_siret_once', violation_error_message='Ce SIRET est déjà celui d’un autre organisme.'),
                    models.CheckConstraint(condition=models.Q(('time_zone__in', ['Europe/Paris', 'America/Guadeloupe', 'America/Martinique', 'America/Cayenne', 'Indian/Reunion', 'America/Miquelon', 'Indian/Mayotte', 'America/St_Barthelemy', 'America/Marigot', 'Pacific/Noumea', 'Pacific/Tahiti', 'Pacific/Marquesas', 'Pacific/Gambier', 'Pacific/Wallis'])), name='organisation_time_zone_known', violation_error_message='Choisissez un fuseau horaire de France.'),
                    models.UniqueConstraint(condition=models.Q(('code', ''), _negated=True), fields=('kind', 'code'), name='organisation_code_once', violation_error_message='Ce code est déjà celui d’un autre organisme de même nature.'),
                    models.CheckConstraint(condition=models.Q(('kind__in', ['cnam', 'cpam', 'ccss', 'cgss', 'cssm', 'carsat', 'cramif', 'drsm', 'ces', 'cnaf', 'caf', 'cnav', 'cnsa', 'msa', 'mdph', 'ars', 'state', 'departement', 'region', 'commune', 'ccas', 'cias', 'hospital', 'pass', 'health_centre', 'association', 'mutual', 'penitentiary', 'school', 'france_travail', 'mission_locale', 'france_services', 'other'])), name='organisation_kind_known'),
                    models.CheckConstraint(condition=models.Q(('finess', ''), ('finess__regex', '^[0-9][0-9AB][0-9]{7}$'), _connector='OR'), name='organisation_finess_shape', violation_error_message='Un numéro FINESS compte 9 caractères.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('assured_by__isnull', True), ('assured_on__isnull', True)), models.Q(('assured_by__isnull', False), ('assured_on__isnull', False)), _connector='OR'), name='organisation_assured_by_someone', violation_error_message='Une fiche est assurée par quelqu’un, un jour donné.'),
                    models.CheckConstraint(condition=models.Q(('successor__isnull', True), ('closed_on__isnull', False), _connector='OR'), name='organisation_successor_of_a_closed_one', violation_error_message='Seul un organisme fermé est remplacé.'),
                    models.CheckConstraint(condition=models.Q(('successor__isnull', True), models.Q(('successor', models.F('id')), _negated=True), _connector='OR'), name='organisation_successor_is_another', violation_error_message='Un organisme ne se remplace pas lui-même.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('role', models.CharField(choices=[('partner_worker', 'Intervenant·e social·e'), ('caisse_adviser', 'Conseiller·ère de la caisse'), ('referent', 'Référent·e de convention'), ('national_referent', 'Référent·e national·e'), ('dpo', 'Délégué·e à la protection des données'), ('administrator', 'Administrateur·rice de l’organisme'), ('directory_manager', 'Gestionnaire de l’annuaire')], max_length=30, verbose_name='rôle')),
                ('since', models.DateField(verbose_name='depuis le')),
                ('until', models.DateField(blank=True, help_text='Dernier jour compris.', null=True, verbose_name='jusqu’au')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'appartenance',
                'indexes': [
                    models.Index(fields=['user', 'organisation'], name='membership_user'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('user', 'organisation', 'role', 'since'), name='membership_once'),
                    models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gte', django.db.models.expressions.CombinedExpression(models.F('since'), '-', models.Value(datetime.timedelta(days=1)))), _connector='OR'), name='membership_dates_ordered', violation_error_message='La fin ne peut pas précéder le début.'),
                    models.CheckConstraint(condition=models.Q(('role__in', ['partner_worker', 'caisse_adviser', 'referent', 'national_referent', 'dpo', 'administrator', 'directory_manager'])), name='membership_role_known'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('key', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('tries', models.IntegerField(verbose_name='essais')),
                ('until', models.DateTimeField(verbose_name='jusqu’à')),
            ],
            options={
                'verbose_name': 'essai de mot de passe',
                'indexes': [
                    models.Index(fields=['until'], name='attempt_until'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Training',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('done_on', models.DateField(verbose_name='suivie le')),
                ('title', models.CharField(max_length=200, verbose_name='formation')),
                ('recorded_by', models.UUIDField(null=True, verbose_name='enregistrée par')),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='enregistrée le')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='trainings', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'formation à la protection des données',
                'indexes': [
                    models.Index(fields=['user', 'organisation', '-done_on'], name='training_user'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='training_titled', violation_error_message='Indiquez de quelle formation il s’agit.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Undertaking',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.CharField(max_length=20, verbose_name='version')),
                ('text_hash', models.CharField(max_length=64, verbose_name='empreinte du texte')),
                ('signed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='signé le')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='undertakings', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'engagement de confidentialité',
                'constraints': [
                    models.UniqueConstraint(fields=('user', 'organisation', 'version'), name='undertaking_once'),
                    models.CheckConstraint(condition=models.Q(('text_hash__regex', '^[0-9a-f]{64}$')), name='undertaking_text_hashed'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('email', models.EmailField(max_length=254, verbose_name='adresse électronique')),
                ('full_name', models.CharField(max_length=150, verbose_name='nom')),
                ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), size=None, verbose_name='rôles')),
                ('since', models.DateField(verbose_name='depuis le')),
                ('until', models.DateField(blank=True, null=True, verbose_name='jusqu’au')),
                ('digest', models.BinaryField(unique=True, verbose_name='empreinte du lien')),
                ('sendings', models.PositiveIntegerField(default=1, verbose_name='envois')),
                ('made_by', models.UUIDField(verbose_name='invitée par')),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='invitée le')),
                ('sent_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='dernier envoi')),
                ('expires_at', models.DateTimeField(verbose_name='expire le')),
                ('accepted_at', models.DateTimeField(blank=True, null=True, verbose_name='acceptée le')),
                ('accepted_by', models.UUIDField(blank=True, null=True, verbose_name='acceptée par')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='annulée le')),
                ('revoked_by', models.UUIDField(blank=True, null=True, verbose_name='annulée par')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'invitation',
                'indexes': [
                    models.Index(fields=['organisation', '-made_at'], name='invitation_organisation'),
                ],
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('accepted_at__isnull', True), ('revoked_at__isnull', True)), fields=('organisation', 'email'), name='invitation_one_open', violation_error_message='Une invitation attend déjà cette personne.'),
                    models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='invitation_email_lowercase'),
                    models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gte', models.F('since')), _connector='OR'), name='invitation_dates_ordered', violation_error_message='La fin ne peut pas précéder le début.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('accepted_at__isnull', True), ('accepted_by__isnull', True)), models.Q(('accepted_at__isnull', False), ('accepted_by__isnull', False)), _connector='OR'), name='invitation_accepted_by_someone'),
                    models.CheckConstraint(condition=models.Q(models.Q(('revoked_at__isnull', True), ('revoked_by__isnull', True)), models.Q(('revoked_at__isnull', False), ('revoked_by__isnull', False)), _connector='OR'), name='invitation_revoked_by_someone'),
                    models.CheckConstraint(condition=models.Q(('accepted_at__isnull', True), ('revoked_at__isnull', True), _connector='OR'), name='invitation_used_or_closed'),
                    models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('sent_at'))), name='invitation_expires_after_sending'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('since', models.DateField(verbose_name='du')),
                ('until', models.DateField(help_text='Dernier jour d’absence.', verbose_name='au')),
                ('recorded_by', models.UUIDField(verbose_name='enregistrée par')),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='enregistrée le')),
                ('cancelled_at', models.DateTimeField(blank=True, null=True, verbose_name='annulée le')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('replaced_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='replacements', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='absences', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'absence',
                'indexes': [
                    models.Index(fields=['replaced_by', 'organisation', 'until'], name='absence_replacement'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('until__gte', models.F('since'))), name='absence_dates_ordered', violation_error_message='Le retour ne peut pas précéder le départ.'),
                    models.CheckConstraint(condition=models.Q(('user', models.F('replaced_by')), _negated=True), name='absence_by_another', violation_error_message='Choisissez une autre personne pour la remplacer.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='CdrAccess',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('tool', models.CharField(choices=[('cdr', 'CDR'), ('cdri', 'CDRi')], max_length=10, verbose_name='outil')),
                ('since', models.DateField(verbose_name='depuis le')),
                ('granted_by', models.UUIDField(verbose_name='accordé par')),
                ('revoked_on', models.DateField(blank=True, help_text='Premier jour sans accès.', null=True, verbose_name='retiré le')),
                ('revoked_by', models.UUIDField(blank=True, null=True, verbose_name='retiré par')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='motif du retrait')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'accès à la consultation des droits',
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('revoked_on__isnull', True)), fields=('organisation', 'user', 'tool'), name='cdraccess_one_open', violation_error_message='Cette personne a déjà cet accès.'),
                    models.CheckConstraint(condition=models.Q(('revoked_on__isnull', True), ('revoked_on__gte', models.F('since')), _connector='OR'), name='cdraccess_dates_ordered', violation_error_message='Le retrait ne peut pas précéder l’ouverture.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), ('revoked_by__isnull', True), ('revoked_on__isnull', True)), models.Q(('revoked_by__isnull', False), ('revoked_on__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='cdraccess_revoked_for_a_reason', violation_error_message='Indiquez le motif du retrait.'),
                    models.CheckConstraint(condition=models.Q(('tool__in', ['cdr', 'cdri'])), name='cdraccess_tool_known'),
                ],
            },
        ),
        migrations.CreateModel(
            name='CdrConsultation',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(verbose_name='consulté le')),
                ('reason', models.CharField(choices=[('rights_check', 'Vérifier des droits'), ('rights_file', 'Constituer un dossier de droits'), ('urgent_care', 'Soins urgents'), ('admission', 'Admission ou facturation')], max_length=20, verbose_name='motif')),
                ('reference', models.CharField(blank=True, max_length=40, verbose_name='référence interne')),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='inscrite le')),
                ('cdr_access', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consultations', to='organisations.cdraccess')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'consultation des droits',
                'indexes': [
                    models.Index(fields=['organisation', '-at'], name='cdrconsultation_at'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('reference__regex', '^[0-9A-Z./-]*$')), name='cdrconsultation_reference_is_code', violation_error_message='La référence ne contient que des capitales, des chiffres, des points et des tirets.'),
                    models.CheckConstraint(condition=models.Q(('reason__in', ['rights_check', 'rights_file', 'urgent_care', 'admission'])), name='cdrconsultation_reason_known'),
                ],
            },
        ),
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
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='déposé par')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'import de l’annuaire',
                'indexes': [
                    models.Index(fields=['organisation', '-uploaded_at'], name='import_organisation'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('state__in', ['uploaded', 'rehearsed', 'confirmed', 'applied', 'refused', 'abandoned'])), name='import_state_known'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['confirmed', 'applied']), _negated=True), ('confirmed_at__isnull', False), _connector='OR'), name='import_confirmed_by_someone', violation_error_message='Un import est confirmé avant d’être appliqué.'),
                    models.CheckConstraint(condition=models.Q(('done__gte', 0), ('total__gte', 0)), name='import_counts_positive'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ImportPart',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('stage', models.CharField(max_length=12, verbose_name='étape')),
                ('number', models.IntegerField(verbose_name='numéro')),
                ('outcomes', models.JSONField(verbose_name='lignes')),
                ('of', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='organisations.directoryimport')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'morceau de compte rendu',
                'constraints': [
                    models.UniqueConstraint(fields=('of', 'stage', 'number'), name='importpart_once'),
                    models.CheckConstraint(condition=models.Q(('stage__in', ['rehearsal', 'application'])), name='importpart_stage_known'),
                ],
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
                ('assured_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'boîte',
                'indexes': [
                    django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['covers'], name='mailbox_covers'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('use__in', ['general', 'prado', 'referents', 'rights', 'ssam', 'dpo'])), name='mailbox_use_known'),
                    models.CheckConstraint(condition=models.Q(('level__in', ['national', 'regional', 'departement', 'local'])), name='mailbox_level_known'),
                    models.CheckConstraint(condition=models.Q(('withdrawn_on__isnull', True), ('withdrawn_on__gte', models.F('assured_on')), _connector='OR'), name='mailbox_dates_ordered', violation_error_message='Le retrait ne peut pas précéder le jour où la boîte a été assurée.'),
                    models.UniqueConstraint(condition=models.Q(('withdrawn_on__isnull', True)), fields=('organisation', 'use', 'address'), name='mailbox_once', violation_error_message='Cette boîte est déjà donnée pour cet usage.'),
                ],
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
                ('assured_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'offre',
                'indexes': [
                    models.Index(fields=['organisation', 'service'], name='offer_organisation'),
                    django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['covers'], name='offer_covers'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('reception__in', ['open', 'appointment', 'both', 'phone'])), name='offer_reception_known'),
                    models.CheckConstraint(condition=models.Q(('withdrawn_on__isnull', True), ('withdrawn_on__gte', models.F('assured_on')), _connector='OR'), name='offer_dates_ordered', violation_error_message='Le retrait ne peut pas précéder le jour où l’offre a été assurée.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('address', ''), _negated=True), models.Q(('phone', ''), _negated=True), models.Q(('mailbox', ''), _negated=True), _connector='OR'), name='offer_can_be_reached', violation_error_message='Indiquez une adresse, un téléphone ou une adresse électronique.'),
                ],
            },
        ),
        ProtectTable("organisations_organisation"),
        ProtectTable("organisations_user"),
        ProtectTable("organisations_membership"),
        ProtectTable("organisations_attempt"),
        ProtectTable("organisations_undertaking"),
        ProtectTable("organisations_training"),
        ProtectTable("organisations_invitation"),
        ProtectTable("organisations_absence"),
        ProtectTable("organisations_cdraccess"),
        ProtectTable("organisations_cdrconsultation"),
        ProtectTable("organisations_directoryimport"),
        ProtectTable("organisations_importpart"),
        ProtectTable("organisations_mailbox"),
        ProtectTable("organisations_offer"),
        JournalTable("organisations_organisation", "id"),
        JournalTable("organisations_user", "id"),
        JournalTable("organisations_membership", "id"),
        JournalTable("organisations_undertaking", "id"),
        JournalTable("organisations_training", "id"),
        JournalTable("organisations_invitation", "id"),
        JournalTable("organisations_absence", "id"),
        JournalTable("organisations_cdraccess", "id"),
        JournalTable("organisations_cdrconsultation", "id"),
        JournalTable("organisations_directoryimport", "id"),
        JournalTable("organisations_mailbox", "id"),
        JournalTable("organisations_offer", "id"),
    ]
