"""The states of a referral that is accepted, paused, refused, withdrawn or cancelled; « contacted » is one no more."""

from django.db import migrations, models


# Reaching the person became a fact of its own: whoever had reached her was helping her.
FORMER = """
ALTER TABLE cases_participation DISABLE TRIGGER USER;
UPDATE cases_participation SET state = 'accepted' WHERE state = 'contacted';
ALTER TABLE cases_participation ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0006_following'),
        ('organisations', '0009_directory'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='participation',
            name='participation_state_known',
        ),
        migrations.RunSQL(FORMER, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='participation',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['sent', 'acknowledged', 'accepted', 'paused', 'closed', 'refused', 'withdrawn', 'cancelled', 'booked', 'held', 'missed'])), name='participation_state_known'),
        ),
    ]
