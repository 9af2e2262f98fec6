"""A participation may copy the states of an application, some of which are a referral’s too: counts tell them apart."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0013_rights'),
        ('organisations', '0009_directory'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='participation',
            name='participation_state_known',
        ),
        migrations.AddConstraint(
            model_name='participation',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['sent', 'acknowledged', 'accepted', 'paused', 'closed', 'refused', 'withdrawn', 'cancelled', 'redirected', 'expired', 'booked', 'held', 'missed', 'received', 'incomplete', 'complete', 'granted'])), name='participation_state_known'),
        ),
        migrations.RemoveIndex(model_name='participation', name='participation_counts'),
        migrations.AddIndex(
            model_name='participation',
            index=models.Index(fields=['organisation', 'convention_id', 'role', 'kind', 'state'], name='participation_counts'),
        ),
    ]
