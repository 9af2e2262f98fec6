"""The policy of a day set for a party that has nobody here asks who is there."""

from django.db import migrations, models

ASKED = "GRANT EXECUTE ON FUNCTION protection_watched_here(uuid) TO maillage_app, maillage_worker;"
UNASKED = "REVOKE EXECUTE ON FUNCTION protection_watched_here(uuid) FROM maillage_app, maillage_worker;"


class Migration(migrations.Migration):

    dependencies = [
        ('protection', '0023_unsent'),
    ]

    operations = [
        migrations.RunSQL(ASKED, UNASKED),
        migrations.AddIndex(
            model_name='destruction',
            index=models.Index(condition=models.Q(('state', 'unknown')), fields=['convention'], name='destruction_left_open'),
        ),
    ]
