"""Applications, their events, requests and pieces, and what is being prepared: closed and journalled from their first instant."""

import django.contrib.postgres.fields
import django.db.models.deletion
import maillage.core.identifiers
import maillage.rights.states
from django.db import migrations, models

from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('audit', '0002_chain'),
        ('cases', '0014_applications'),
        ('documents', '0003_rewrapping'),
        ('organisations', '0009_directory'),
    ]

    operations = [
        migrations.CreateModel(
            name='Application',
            fields=[
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='application', serialize=False, to='cases.case')),
                ('right', models.CharField(max_length=20, verbose_name='droit')),
                ('urgent', models.BooleanField(default=False, verbose_name='urgente')),
                ('proof', models.CharField(blank=True, max_length=80, verbose_name='preuve d’urgence')),
                ('state', models.CharField(default=maillage.rights.states.State['SENT'], max_length=20, verbose_name='état')),
                ('details', models.BinaryField(blank=True, null=True, verbose_name='précisions chiffrées')),
                ('handed_on', models.DateField(blank=True, null=True, verbose_name='remise en main propre le')),
                ('handed_to', models.CharField(blank=True, max_length=12, verbose_name='remise à')),
                ('forward_by', models.DateField(blank=True, null=True, verbose_name='à transmettre avant le')),
                ('sent_at', models.DateTimeField(verbose_name='envoyée le')),
                ('sent_by', models.UUIDField(verbose_name='par')),
                ('received_on', models.DateField(blank=True, null=True, verbose_name='reçue le')),
                ('complete_on', models.DateField(blank=True, null=True, verbose_name='complète le')),
                ('promised_on', models.DateField(blank=True, null=True, verbose_name='engagement de la convention')),
                ('legal_on', models.DateField(blank=True, null=True, verbose_name='délai de la loi')),
                ('alert_on', models.DateField(blank=True, null=True, verbose_name='à signaler le')),
                ('silence', models.CharField(blank=True, max_length=12, verbose_name='sens du silence')),
                ('decided_on', models.DateField(blank=True, null=True, verbose_name='décidée le')),
                ('lapsed_on', models.DateField(blank=True, null=True, verbose_name='silence acquis le')),
                ('by_silence', models.BooleanField(default=False, verbose_name='par le silence')),
                ('opened', models.CharField(blank=True, max_length=20, verbose_name='droit ouvert')),
                ('opens_on', models.DateField(blank=True, null=True, verbose_name='ouvert du')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='ouvert jusqu’au')),
                ('covers_on', models.DateField(blank=True, null=True, verbose_name='soins couverts depuis le')),
                ('end_reason', models.CharField(blank=True, max_length=20, verbose_name='raison de la fin')),
                ('sealed_words', models.BinaryField(blank=True, null=True, verbose_name='mots de la décision, chiffrés')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='terminée le')),
                ('closed_by', models.UUIDField(blank=True, null=True)),
                ('notified_on', models.DateField(blank=True, null=True, verbose_name='personne prévenue le')),
                ('notified_how', models.CharField(blank=True, max_length=8, verbose_name='comment')),
            ],
            options={
                'verbose_name': 'demande de droits',
                'indexes': [models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['alert_on', 'case'], name='application_alert'), models.Index(condition=models.Q(('closed_at__isnull', True), ('lapsed_on__isnull', True)), fields=['legal_on', 'case'], name='application_legal')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['sent', 'received', 'incomplete', 'complete', 'granted', 'refused', 'withdrawn', 'cancelled'])), name='application_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('proof', ''), ('urgent', False)), models.Q(('urgent', True), models.Q(('proof', ''), _negated=True)), _connector='OR'), name='application_urgent_has_its_proof', violation_error_message='Une demande urgente dit par quelle preuve.'), models.CheckConstraint(condition=models.Q(models.Q(('handed_on__isnull', True), ('handed_to', '')), models.Q(('handed_on__isnull', False), ('handed_to__in', ['hospital', 'association', 'caisse'])), _connector='OR'), name='application_handed_over_to_someone', violation_error_message='Une remise en main propre a son jour et dit à qui.'), models.CheckConstraint(condition=models.Q(('forward_by__isnull', True), ('forward_by__gte', models.F('handed_on')), _connector='OR'), name='application_forwarded_after_handed_over'), models.CheckConstraint(condition=models.Q(models.Q(('received_on__isnull', True), ('state', 'sent')), ('state__in', ['withdrawn', 'cancelled']), models.Q(models.Q(('state__in', ['sent', 'withdrawn', 'cancelled']), _negated=True), ('received_on__isnull', False)), _connector='OR'), name='application_received_has_its_day', violation_error_message='Une demande s’examine après sa réception.'), models.CheckConstraint(condition=models.Q(('complete_on__isnull', True), ('complete_on__gte', models.F('received_on')), _connector='OR'), name='application_complete_after_received', violation_error_message='Un dossier n’est pas complet avant sa réception.'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['complete', 'granted']), _negated=True), ('complete_on__isnull', False), _connector='OR'), name='application_complete_has_its_day', violation_error_message='Un dossier complet dit depuis quand.'), models.CheckConstraint(condition=models.Q(models.Q(('legal_on__isnull', True), ('silence', '')), models.Q(('legal_on__isnull', False), ('silence__in', ['acceptance', 'rejection'])), _connector='OR'), name='application_silence_has_its_day'), models.CheckConstraint(condition=models.Q(models.Q(('decided_on__gte', models.F('received_on')), ('state__in', ['granted', 'refused'])), models.Q(models.Q(('state__in', ['granted', 'refused']), _negated=True), ('decided_on__isnull', True)), _connector='OR'), name='application_decided_has_its_day', violation_error_message='Une décision a son jour, qui ne précède pas la réception.'), models.CheckConstraint(condition=models.Q(('lapsed_on__isnull', True), ('lapsed_on__gt', models.F('legal_on')), _connector='OR'), name='application_lapsed_after_its_delay', violation_error_message='Le silence ne vaut rien avant la fin du délai de la loi.'), models.CheckConstraint(condition=models.Q(('by_silence', False), models.Q(('closed_by__isnull', True), ('lapsed_on__isnull', False), ('silence', 'acceptance'), ('state', 'granted')), _connector='OR'), name='application_silence_grants_alone', violation_error_message='Le silence n’ouvre un droit que là où la loi le dit.'), models.CheckConstraint(condition=models.Q(models.Q(('opens_on__isnull', False), ('state', 'granted'), models.Q(('opened', ''), _negated=True)), models.Q(models.Q(('state', 'granted'), _negated=True), ('covers_on__isnull', True), ('ends_on__isnull', True), ('opened', ''), ('opens_on__isnull', True)), _connector='OR'), name='application_granted_opens_a_right', violation_error_message='Un accord dit quel droit s’ouvre, et de quel jour.'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('opens_on')), _connector='OR'), name='application_right_ends_after_it_opens', violation_error_message='La fin du droit ne précède pas son début.'), models.CheckConstraint(condition=models.Q(('covers_on__isnull', True), ('covers_on__lte', models.F('opens_on')), _connector='OR'), name='application_covers_before_it_opens', violation_error_message='Les soins sont couverts au plus tard depuis le début du droit.'), models.CheckConstraint(condition=models.Q(models.Q(('end_reason__in', ['resources', 'residence', 'identity', 'pieces', 'covered', 'other']), ('state', 'refused')), models.Q(('end_reason__in', ['person_asks', 'covered', 'moved', 'deceased', 'other']), ('state', 'withdrawn')), models.Q(('end_reason__in', ['wrong_person', 'duplicate', 'wrong_right', 'other']), ('state', 'cancelled')), models.Q(models.Q(('state__in', ['refused', 'withdrawn', 'cancelled']), _negated=True), ('end_reason', '')), _connector='OR'), name='application_end_has_its_reason', violation_error_message='Un refus, un retrait ou une annulation dit sa raison.'), models.CheckConstraint(condition=models.Q(models.Q(('sealed_words__isnull', True), models.Q(('end_reason', 'other'), ('state', 'refused'), _negated=True)), models.Q(('sealed_words__isnull', False), ('state__in', ['granted', 'refused'])), _connector='OR'), name='application_refusal_says_the_other_reason', violation_error_message='Un refus pour une autre raison la dit en quelques mots.'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__gte', models.F('sent_at')), ('state__in', ['cancelled', 'granted', 'refused', 'withdrawn']), models.Q(models.Q(('by_silence', True), ('closed_by__isnull', True)), models.Q(('by_silence', False), ('closed_by__isnull', False)), _connector='OR')), models.Q(models.Q(('state__in', ['cancelled', 'granted', 'refused', 'withdrawn']), _negated=True), ('closed_at__isnull', True), ('closed_by__isnull', True)), _connector='OR'), name='application_ended_has_its_date', violation_error_message='Une demande terminée dit quand et par qui.'), models.CheckConstraint(condition=models.Q(models.Q(('notified_how', ''), ('notified_on__isnull', True)), models.Q(('notified_how__in', ['letter', 'hand', 'e_mail', 'sms']), ('notified_on__gte', models.F('decided_on'))), _connector='OR'), name='application_notified_after_decided', violation_error_message='La personne est prévenue d’une décision après qu’elle est prise.')],
            },
        ),
        migrations.CreateModel(
            name='Preparation',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('author', models.UUIDField(verbose_name='par')),
                ('sealed', models.BinaryField(verbose_name='dossier scellé')),
                ('updated_at', models.DateTimeField(verbose_name='enregistré le')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'dossier en préparation',
            },
        ),
        migrations.CreateModel(
            name='PreparedPiece',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=40, verbose_name='pièce')),
                ('dated_on', models.DateField(blank=True, null=True, verbose_name='datée du')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='valable jusqu’au')),
                ('added_at', models.DateTimeField(verbose_name='ajoutée le')),
                ('added_by', models.UUIDField(verbose_name='par')),
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('preparation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pieces', to='rights.preparation')),
            ],
            options={
                'verbose_name': 'pièce d’un dossier en préparation',
            },
        ),
        migrations.CreateModel(
            name='ApplicationEvent',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=12, verbose_name='nature')),
                ('day', models.DateField(verbose_name='jour')),
                ('about', models.UUIDField(blank=True, null=True, verbose_name='demande de pièces')),
                ('noted_at', models.DateTimeField(verbose_name='noté le')),
                ('noted_by', models.UUIDField(blank=True, null=True, verbose_name='par')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='application_events', to='cases.case')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'événement d’une demande de droits',
                'indexes': [models.Index(fields=['case', 'day', 'id'], name='applicationevent_of')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['sent', 'handed_over', 'received', 'completed', 'asked', 'answered', 'granted', 'refused', 'silence', 'notified', 'withdrawn', 'cancelled'])), name='applicationevent_kind_known'), models.CheckConstraint(condition=models.Q(models.Q(('noted_by__isnull', False), ('organisation__isnull', False)), models.Q(('kind__in', ['silence', 'granted']), ('noted_by__isnull', True)), _connector='OR'), name='applicationevent_noted_by_someone', violation_error_message='Un événement est noté par quelqu’un ; le silence seul l’est par la plateforme.'), models.CheckConstraint(condition=models.Q(models.Q(('about__isnull', False), ('kind__in', ['asked', 'answered'])), models.Q(models.Q(('kind__in', ['asked', 'answered']), _negated=True), ('about__isnull', True)), _connector='OR'), name='applicationevent_names_its_request')],
            },
        ),
        migrations.CreateModel(
            name='Piece',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=40, verbose_name='pièce')),
                ('dated_on', models.DateField(blank=True, null=True, verbose_name='datée du')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='valable jusqu’au')),
                ('added_at', models.DateTimeField(verbose_name='ajoutée le')),
                ('added_by', models.UUIDField(verbose_name='par')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pieces', to='cases.case')),
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'pièce d’un dossier',
                'indexes': [models.Index(fields=['case'], name='piece_of')],
                'constraints': [models.CheckConstraint(condition=models.Q(('dated_on__isnull', True), ('valid_until__isnull', True), ('valid_until__gte', models.F('dated_on')), _connector='OR'), name='piece_dates_ordered', violation_error_message='Une pièce ne cesse pas de valoir avant sa date.')],
            },
        ),
        migrations.CreateModel(
            name='PieceRequest',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField(verbose_name='demande n°')),
                ('keys', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None, verbose_name='pièces demandées')),
                ('indispensable', models.BooleanField(verbose_name='indispensables')),
                ('asked_on', models.DateField(verbose_name='demandées le')),
                ('granted_days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='jours accordés')),
                ('again', models.CharField(blank=True, max_length=20, verbose_name='pourquoi une nouvelle demande')),
                ('sealed_words', models.BinaryField(blank=True, null=True, verbose_name='précisions chiffrées')),
                ('asked_at', models.DateTimeField(verbose_name='notée le')),
                ('asked_by', models.UUIDField(verbose_name='par')),
                ('answered_on', models.DateField(blank=True, null=True, verbose_name='reçues le')),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('answered_by', models.UUIDField(blank=True, null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='piece_requests', to='cases.case')),
            ],
            options={
                'verbose_name': 'demande de pièces',
                'constraints': [models.UniqueConstraint(fields=('case', 'number'), name='piecerequest_once', violation_error_message='Ces pièces viennent d’être demandées par quelqu’un d’autre.'), models.UniqueConstraint(condition=models.Q(('answered_on__isnull', True)), fields=('case',), name='piecerequest_one_at_a_time', violation_error_message='Des pièces sont déjà attendues : notez d’abord leur arrivée.'), models.CheckConstraint(condition=models.Q(models.Q(('again', ''), ('number', 1)), models.Q(('again__in', ['appeared', 'unreadable', 'changed', 'overlooked']), ('number__gt', 1)), _connector='OR'), name='piecerequest_again_says_why', violation_error_message='Une nouvelle demande de pièces se justifie.'), models.CheckConstraint(condition=models.Q(('keys__len__gt', 0)), name='piecerequest_asks_something', violation_error_message='Choisissez au moins une pièce.'), models.CheckConstraint(condition=models.Q(('granted_days__isnull', True), models.Q(('granted_days__gt', 0), ('granted_days__lte', 366)), _connector='OR'), name='piecerequest_delay_bounded', violation_error_message='Le délai va de 1 à 366 jours.'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('answered_by__isnull', True), ('answered_on__isnull', True)), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), ('answered_on__gte', models.F('asked_on'))), _connector='OR'), name='piecerequest_answered_after_asked', violation_error_message='Les pièces arrivent après avoir été demandées.')],
            },
        ),
        migrations.AddIndex(
            model_name='preparation',
            index=models.Index(fields=['organisation', 'author', '-updated_at'], name='preparation_author'),
        ),
        migrations.AddIndex(
            model_name='preparedpiece',
            index=models.Index(fields=['preparation'], name='preparedpiece_of'),
        ),
        migrations.AddConstraint(
            model_name='preparedpiece',
            constraint=models.CheckConstraint(condition=models.Q(('dated_on__isnull', True), ('valid_until__isnull', True), ('valid_until__gte', models.F('dated_on')), _connector='OR'), name='preparedpiece_dates_ordered', violation_error_message='Une pièce ne cesse pas de valoir avant sa date.'),
        ),
        ProtectTable('rights_application'),
        JournalTable('rights_application', 'case_id'),
        ProtectTable('rights_applicationevent'),
        JournalTable('rights_applicationevent'),
        ProtectTable('rights_piece'),
        JournalTable('rights_piece'),
        ProtectTable('rights_piecerequest'),
        JournalTable('rights_piecerequest'),
        ProtectTable('rights_preparation'),
        ProtectTable('rights_preparedpiece'),
        JournalTable('rights_preparedpiece'),
    ]
