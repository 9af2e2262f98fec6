"""The tables of this room, closed from their first instant."""

import django.db.models.functions.datetime
from django.db import migrations, models

import maillage.core.identifiers
from maillage.core.row_security import ProtectTable


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('once', models.CharField(max_length=200, unique=True, verbose_name='clé d’unicité')),
                ('recipient_id', models.UUIDField(blank=True, null=True, verbose_name='organisme destinataire')),
                ('kind', models.CharField(max_length=40, verbose_name='nature')),
                ('reference', models.CharField(max_length=80, verbose_name='référence')),
                ('path', models.CharField(max_length=200, verbose_name='lien')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('claimed_until', models.DateTimeField(blank=True, help_text='Bail du processus qui l’envoie, ou report après un échec.', null=True, verbose_name='pris jusqu’à')),
                ('handed_at', models.DateTimeField(blank=True, null=True, verbose_name='remis au serveur de courrier')),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('failed_at', models.DateTimeField(blank=True, null=True)),
                ('invitation_id', models.UUIDField(blank=True, help_text='Le message va à l’adresse de cette invitation, avec son lien, que rien ne garde.', null=True, verbose_name='invitation')),
                ('referent_id', models.UUIDField(blank=True, help_text='Le message va à la boîte de ce référent, s’il est en fonction quand le message part.', null=True, verbose_name='référent')),
                ('account_id', models.UUIDField(blank=True, help_text='Le message va à l’adresse de ce compte, et à aucun organisme.', null=True, verbose_name='compte')),
            ],
            options={
                'verbose_name': 'message',
                'indexes': [
                    models.Index(condition=models.Q(('failed_at__isnull', True), ('sent_at__isnull', True)), fields=['created_at'], name='message_waiting'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('sent_at__isnull', True), ('handed_at__isnull', False), _connector='OR'), name='message_sent_was_handed'),
                    models.CheckConstraint(condition=models.Q(('sent_at__isnull', True), ('failed_at__isnull', True), _connector='OR'), name='message_sent_or_failed'),
                    models.CheckConstraint(condition=models.Q(('path__regex', '^/[0-9a-z/-]*$')), name='message_path_stays_here'),
                    models.CheckConstraint(condition=models.Q(('reference__regex', '^[0-9A-Z-]+$')), name='message_reference_is_code'),
                    models.CheckConstraint(condition=models.Q(models.Q(('account_id__isnull', True), ('recipient_id__isnull', False), models.Q(('invitation_id__isnull', True), ('referent_id__isnull', True), _connector='OR')), models.Q(('account_id__isnull', False), ('invitation_id__isnull', True), ('recipient_id__isnull', True), ('referent_id__isnull', True)), _connector='OR'), name='message_one_address'),
                    models.CheckConstraint(condition=models.Q(models.Q(('account_id__isnull', True), models.Q(('kind', 'account'), _negated=True)), models.Q(('account_id__isnull', False), ('kind', 'account')), _connector='OR'), name='message_to_an_account_says_so'),
                ],
            },
        ),
        ProtectTable("notifications_message"),
    ]
