"""The tables of this room, closed and journalled from their first instant."""

import datetime

import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import maillage.core.identifiers
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("audit", "0002_chain"),
        ("cases", "0001_initial"),
        ("documents", "0001_initial"),
        ("organisations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name='Convention',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=300, verbose_name='intitulé')),
                ('sort_title', models.CharField(max_length=300)),
                ('level', models.CharField(max_length=20, verbose_name='niveau')),
                ('template', models.CharField(blank=True, max_length=80, verbose_name='trame')),
                ('departement', models.CharField(blank=True, max_length=3, verbose_name='département')),
                ('partner_kind', models.CharField(blank=True, max_length=20, verbose_name='nature du partenaire')),
                ('partners', models.CharField(blank=True, max_length=400, verbose_name='parties')),
                ('state', models.CharField(default='draft', max_length=20, verbose_name='état')),
                ('end_kind', models.CharField(blank=True, max_length=20, verbose_name='fin')),
                ('is_disputed', models.BooleanField(db_default=False, help_text='Les lectures du texte ne s’accordent pas : la liste dit ce que la page dit.', verbose_name='en vigueur selon une lecture seulement')),
                ('content_hash', models.CharField(max_length=64, verbose_name='empreinte du texte')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='prend effet le')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='dernier jour du terme')),
                ('in_force', django.contrib.postgres.fields.ranges.DateTimeRangeField(blank=True, null=True, verbose_name='en vigueur pendant')),
                ('next_due_on', models.DateField(blank=True, null=True, verbose_name='prochaine échéance')),
                ('next_due_what', models.CharField(blank=True, max_length=200, verbose_name='nature de l’échéance')),
                ('chosen', models.JSONField(default=dict, help_text='Clé de partie → organisme, avant la proposition : les organismes ne voient pas encore le brouillon.', verbose_name='organismes choisis')),
                ('time_zone', models.CharField(default='Europe/Paris', max_length=40, verbose_name='fuseau de la caisse')),
                ('swept_on', models.DateField(blank=True, help_text='Dernier jour dont les avertissements sont partis.', null=True, verbose_name='échéances suivies jusqu’au')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('changed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('drafted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'convention',
                'indexes': [
                    models.Index(fields=['sort_title', 'id'], name='convention_title'),
                    models.Index(fields=['next_due_on', 'id'], name='convention_due'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'proposed', 'partly_signed', 'signed', 'in_force', 'ended'])), name='convention_state_known'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'ended'), ('end_kind__in', ['expired', 'denounced', 'terminated', 'superseded'])), models.Q(models.Q(('state', 'ended'), _negated=True), ('end_kind', '')), _connector='OR'), name='convention_end_has_its_kind', violation_error_message='Une convention finie dit comment elle a fini.'),
                    models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('starts_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='convention_dates_ordered', violation_error_message='La fin ne peut pas précéder la prise d’effet.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'in_force'), _negated=True), ('in_force__isnull', False), _connector='OR'), name='convention_in_force_has_range'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['draft', 'proposed', 'partly_signed']), _negated=True), ('in_force__isnull', True), _connector='OR'), name='convention_unsigned_is_not_in_force'),
                    models.CheckConstraint(condition=models.Q(('is_disputed', False), ('state', 'in_force'), _connector='OR'), name='convention_disputed_may_be_in_force'),
                    models.CheckConstraint(condition=models.Q(('time_zone__in', ['Europe/Paris', 'America/Guadeloupe', 'America/Martinique', 'America/Cayenne', 'Indian/Reunion', 'America/Miquelon', 'Indian/Mayotte', 'America/St_Barthelemy', 'America/Marigot', 'Pacific/Noumea', 'Pacific/Tahiti', 'Pacific/Marquesas', 'Pacific/Gambier', 'Pacific/Wallis'])), name='convention_time_zone_known'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Amendment',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField(verbose_name='numéro')),
                ('title', models.CharField(max_length=300, verbose_name='objet')),
                ('changes', models.JSONField(verbose_name='modifications')),
                ('effect_on', models.DateField(verbose_name='prend effet le')),
                ('state', models.CharField(default='draft', max_length=20, verbose_name='état')),
                ('content_hash', models.CharField(max_length=64, verbose_name='empreinte')),
                ('written_at', models.DateTimeField()),
                ('written_by', models.UUIDField()),
                ('convention', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='amendments', to='conventions.convention')),
            ],
            options={
                'verbose_name': 'avenant',
                'constraints': [
                    models.UniqueConstraint(fields=('convention', 'number'), name='amendment_number_once'),
                    models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'proposed', 'partly_signed', 'signed', 'abandoned'])), name='amendment_state_known'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=40, verbose_name='fait')),
                ('day', models.DateField(verbose_name='jour')),
                ('party_key', models.CharField(blank=True, max_length=80, verbose_name='partie')),
                ('detail', models.JSONField(default=dict, verbose_name='précisions')),
                ('recorded_at', models.DateTimeField(verbose_name='enregistré le')),
                ('recorded_by', models.UUIDField(verbose_name='par')),
                ('convention', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='conventions.convention')),
                ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
                ('recorded_for', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'fait',
                'indexes': [
                    models.Index(fields=['convention', 'day'], name='event_convention_day'),
                ],
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('kind', 'renewed')), fields=('convention', 'day'), name='event_renewed_once', violation_error_message='Ce renouvellement est déjà constaté.'),
                    models.CheckConstraint(condition=models.Q(('kind__in', ['proposed', 'taken_back', 'text_changed', 'denunciation', 'formal_notice', 'complied', 'terminated', 'ended_by_agreement', 'renewal_opposed', 'renewed', 'evaluation_shared', 'reading_retained', 'superseded', 'external_end', 'blank_filled', 'option_chosen', 'predecessor_report', 'framework_informed', 'referent_changed'])), name='event_kind_known'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('addressee_key', models.CharField(max_length=80, verbose_name='destinataire')),
                ('sent_on', models.DateField(verbose_name='envoyée le')),
                ('presented_on', models.DateField(blank=True, null=True, verbose_name='première présentation le')),
                ('received_on', models.DateField(blank=True, null=True, verbose_name='reçue le')),
                ('convention', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conventions.convention')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='conventions.event')),
            ],
            options={
                'verbose_name': 'envoi recommandé',
                'constraints': [
                    models.UniqueConstraint(fields=('event', 'addressee_key'), name='delivery_once'),
                    models.CheckConstraint(condition=models.Q(('presented_on__isnull', True), ('presented_on__gte', models.F('sent_on')), _connector='OR'), name='delivery_presented_after_sent', violation_error_message='La lettre ne peut pas être présentée avant son envoi.'),
                    models.CheckConstraint(condition=models.Q(('received_on__isnull', True), ('presented_on__isnull', True), ('received_on__gte', models.F('presented_on')), _connector='OR'), name='delivery_received_after_presented', violation_error_message='La lettre ne peut pas être reçue avant sa première présentation.'),
                    models.CheckConstraint(condition=models.Q(('received_on__isnull', True), ('received_on__gte', models.F('sent_on')), _connector='OR'), name='delivery_received_after_sent', violation_error_message='La lettre ne peut pas être reçue avant son envoi.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ObligationMark',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('obligation_key', models.CharField(max_length=80, verbose_name='obligation')),
                ('kind', models.CharField(max_length=12, verbose_name='acte')),
                ('day', models.DateField(verbose_name='jour')),
                ('note', models.CharField(blank=True, max_length=1000, verbose_name='précision')),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.UUIDField()),
                ('answers', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conventions.obligationmark')),
                ('convention', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='obligation_marks', to='conventions.convention')),
                ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
                ('recorded_for', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'acte sur une obligation',
                'indexes': [
                    models.Index(fields=['convention', 'obligation_key'], name='obligationmark_convention'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('kind__in', ['ticked', 'asked', 'approved', 'refused', 'opened', 'closed'])), name='obligationmark_kind_known'),
                    models.CheckConstraint(condition=models.Q(models.Q(('answers__isnull', False), ('kind__in', ['approved', 'refused', 'closed'])), models.Q(('answers__isnull', True), ('kind__in', ['ticked', 'asked', 'opened'])), _connector='OR'), name='obligationmark_answers_something'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Party',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=80, verbose_name='clé')),
                ('role', models.CharField(max_length=10, verbose_name='rôle')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='rang')),
                ('since', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='depuis')),
                ('state', models.CharField(default='draft', help_text='Copie de l’état de la convention, tenue par déclencheur.', max_length=20)),
                ('next_due_on', models.DateField(blank=True, null=True)),
                ('sort_title', models.CharField(blank=True, max_length=300)),
                ('convention', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parties', to='conventions.convention')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'partie',
                'indexes': [
                    models.Index(fields=['organisation', 'sort_title', 'convention'], name='party_by_title'),
                    models.Index(fields=['organisation', 'next_due_on'], name='party_by_due'),
                    models.Index(fields=['organisation', 'state', 'sort_title'], name='party_by_state'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('convention', 'organisation'), name='party_once'),
                    models.UniqueConstraint(condition=models.Q(('role', 'informed'), _negated=True), fields=('convention', 'key'), name='party_key_once'),
                    models.CheckConstraint(condition=models.Q(('role__in', ['drafter', 'signatory', 'informed'])), name='party_role_known'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Referent',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('party_key', models.CharField(max_length=80, verbose_name='partie')),
                ('level', models.CharField(max_length=12, verbose_name='niveau')),
                ('function', models.CharField(max_length=200, verbose_name='fonction')),
                ('mailbox', models.EmailField(blank=True, max_length=254, verbose_name='adresse générique')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='téléphone')),
                ('since', models.DateField(verbose_name='depuis le')),
                ('until', models.DateField(blank=True, null=True, verbose_name='jusqu’au')),
                ('told_on', models.DateField(blank=True, null=True, verbose_name='parties prévenues le')),
                ('convention', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='referents', to='conventions.convention')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('succeeds', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='successor', to='conventions.referent', verbose_name='succède à')),
            ],
            options={
                'verbose_name': 'référent',
                'indexes': [
                    models.Index(fields=['convention', 'party_key'], name='referent_convention'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('level__in', ['national', 'regional', 'departement', 'local'])), name='referent_level_known'),
                    models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gte', django.db.models.expressions.CombinedExpression(models.F('since'), '-', models.Value(datetime.timedelta(days=1)))), _connector='OR'), name='referent_dates_ordered', violation_error_message='La fin ne peut pas précéder le début.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('mailbox', ''), _negated=True), models.Q(('phone', ''), _negated=True), _connector='OR'), name='referent_can_be_reached', violation_error_message='Indiquez une adresse ou un téléphone.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Relation',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=20, verbose_name='lien')),
                ('key', models.CharField(blank=True, max_length=80, verbose_name='clé')),
                ('text', models.CharField(blank=True, max_length=300, verbose_name='texte visé')),
                ('convention', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='relations', to='conventions.convention')),
                ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
                ('target', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conventions.convention')),
            ],
            options={
                'verbose_name': 'lien',
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('kind__in', ['implements', 'backed_on', 'succeeds', 'counterpart_of', 'drawn_from', 'aligned_on'])), name='relation_kind_known'),
                    models.CheckConstraint(condition=models.Q(('target__isnull', False), models.Q(('text', ''), _negated=True), _connector='OR'), name='relation_names_something'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('party_key', models.CharField(max_length=80, verbose_name='partie')),
                ('content_hash', models.CharField(max_length=64, verbose_name='empreinte signée')),
                ('signed_on', models.DateField(verbose_name='signée le')),
                ('function', models.CharField(max_length=200, verbose_name='fonction du signataire')),
                ('by_delegation', models.BooleanField(default=False, verbose_name='par délégation')),
                ('recorded_at', models.DateTimeField(verbose_name='enregistrée le')),
                ('recorded_by', models.UUIDField(verbose_name='par')),
                ('voided_at', models.DateTimeField(blank=True, null=True, verbose_name='annulée le')),
                ('amendment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='conventions.amendment')),
                ('convention', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='conventions.convention')),
                ('delegation_document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
                ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('recorded_for', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'signature',
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('amendment__isnull', True), ('voided_at__isnull', True)), fields=('convention', 'party_key'), name='signature_once', violation_error_message='Cette partie a déjà signé ce texte.'),
                    models.UniqueConstraint(condition=models.Q(('amendment__isnull', False), ('voided_at__isnull', True)), fields=('amendment', 'party_key'), name='signature_amendment_once', violation_error_message='Cette partie a déjà signé cet avenant.'),
                    models.CheckConstraint(condition=models.Q(('recorded_for', models.F('organisation')), ('document__isnull', False), _connector='OR'), name='signature_for_another_has_its_document', violation_error_message='La signature d’une autre partie s’enregistre avec le document signé.'),
                    models.CheckConstraint(condition=models.Q(('by_delegation', False), ('delegation_document__isnull', False), _connector='OR'), name='signature_by_delegation_has_its_document', violation_error_message='Une signature par délégation s’accompagne de l’acte de délégation.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='TermsVersion',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField(verbose_name='numéro')),
                ('terms', models.JSONField(verbose_name='texte')),
                ('content_hash', models.CharField(max_length=64, verbose_name='empreinte')),
                ('written_at', models.DateTimeField(verbose_name='écrit le')),
                ('written_by', models.UUIDField(verbose_name='par')),
                ('convention', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='conventions.convention')),
            ],
            options={
                'verbose_name': 'version du texte',
                'constraints': [
                    models.UniqueConstraint(fields=('convention', 'number'), name='termsversion_number_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='CalendarFeed',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(verbose_name='créée le')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='révoquée le')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'adresse de calendrier',
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('revoked_at__isnull', True)), fields=('user', 'organisation'), name='calendarfeed_one_live'),
                    models.CheckConstraint(condition=models.Q(('revoked_at__isnull', True), ('revoked_at__gte', models.F('created_at')), _connector='OR'), name='calendarfeed_dates_ordered'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ReferentTraining',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('trained_on', models.DateField(verbose_name='formé le')),
                ('subject', models.CharField(max_length=200, verbose_name='sujet')),
                ('organiser', models.CharField(max_length=200, verbose_name='organisée par')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='retirée le')),
                ('convention', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conventions.convention')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('referent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='trainings', to='conventions.referent')),
            ],
            options={
                'verbose_name': 'formation de référent',
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('subject', ''), _negated=True), models.Q(('organiser', ''), _negated=True)), name='training_says_what_and_by_whom', violation_error_message='Indiquez sur quoi portait la formation, et qui l’organisait.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Solicitation',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('way', models.CharField(max_length=12, verbose_name='voie')),
                ('article', models.CharField(max_length=40, verbose_name='article')),
                ('called_key', models.CharField(max_length=80, verbose_name='partie sollicitée')),
                ('asked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='demandé le')),
                ('asked_by', models.UUIDField(verbose_name='par')),
                ('due_on', models.DateField(verbose_name='réponse attendue le')),
                ('question', models.TextField(blank=True, verbose_name='question')),
                ('answer', models.TextField(blank=True, verbose_name='réponse')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='répondu le')),
                ('answered_by', models.UUIDField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='retirée le')),
                ('withdrawn_by', models.UUIDField(blank=True, null=True)),
                ('sealed_question', models.BinaryField(blank=True, null=True, verbose_name='question chiffrée')),
                ('sealed_answer', models.BinaryField(blank=True, null=True, verbose_name='réponse chiffrée')),
                ('agreed_on', models.DateField(blank=True, null=True, verbose_name='accord donné le')),
                ('agreement_means', models.CharField(blank=True, max_length=10, verbose_name='accord donné')),
                ('agreement_by', models.CharField(blank=True, max_length=200, verbose_name='accord recueilli par')),
                ('called', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('caller', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('convention', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conventions.convention')),
            ],
            options={
                'verbose_name': 'sollicitation d’un référent',
                'indexes': [
                    models.Index(condition=models.Q(('answered_at__isnull', True), ('withdrawn_at__isnull', True)), fields=['called', 'due_on'], name='solicitation_to_answer'),
                    models.Index(fields=['caller', '-asked_at'], name='solicitation_asked'),
                    models.Index(fields=['case'], name='solicitation_case'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('agreed_on__isnull', False), ('agreement_means__in', ['oral', 'written']), ('answer', ''), ('case__isnull', False), ('question', ''), ('sealed_question__isnull', False), ('way', 'progress'), models.Q(('agreement_by', ''), _negated=True)), models.Q(('agreed_on__isnull', True), ('agreement_by', ''), ('agreement_means', ''), ('case__isnull', True), ('sealed_answer__isnull', True), ('sealed_question__isnull', True), ('way__in', ['information', 'routing']), models.Q(('question', ''), _negated=True)), _connector='OR'), name='solicitation_way_holds_its_own', violation_error_message='L’avancement d’une démarche se demande depuis un dossier, avec l’accord de la personne.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at__isnull', True), ('answered_by__isnull', True), ('sealed_answer__isnull', True)), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), models.Q(models.Q(('answer', ''), _negated=True), ('sealed_answer__isnull', False), _connector='OR')), _connector='OR'), name='solicitation_answer_has_its_date'),
                    models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_by__isnull', True)), models.Q(('answered_at__isnull', True), ('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False)), _connector='OR'), name='solicitation_withdrawn_unanswered', violation_error_message='Seule une question sans réponse se retire.'),
                    models.CheckConstraint(condition=models.Q(('caller', models.F('called')), _negated=True), name='solicitation_two_sides'),
                ],
            },
        ),
        ProtectTable("conventions_convention"),
        ProtectTable("conventions_party"),
        ProtectTable("conventions_termsversion"),
        ProtectTable("conventions_relation"),
        ProtectTable("conventions_event"),
        ProtectTable("conventions_delivery"),
        ProtectTable("conventions_amendment"),
        ProtectTable("conventions_obligationmark"),
        ProtectTable("conventions_referent"),
        ProtectTable("conventions_signature"),
        ProtectTable("conventions_calendarfeed"),
        ProtectTable("conventions_referenttraining"),
        ProtectTable("conventions_solicitation"),
        JournalTable("conventions_convention", "id"),
        JournalTable("conventions_party", "id"),
        JournalTable("conventions_termsversion", "id"),
        JournalTable("conventions_relation", "id"),
        JournalTable("conventions_event", "id"),
        JournalTable("conventions_delivery", "id"),
        JournalTable("conventions_amendment", "id"),
        JournalTable("conventions_obligationmark", "id"),
        JournalTable("conventions_referent", "id"),
        JournalTable("conventions_signature", "id"),
        JournalTable("conventions_calendarfeed", "id"),
        JournalTable("conventions_referenttraining", "id"),
        JournalTable("conventions_solicitation", "id"),
    ]
