"""A referral may expire; its sender sends it again, as one that was redirected. What nobody acknowledged is found by its date."""

from importlib import import_module

from django.db import migrations, models

_FORMER = (
    import_module("maillage.cases.migrations.0008_lineage")
    .FORWARDING.partition("REVOKE ALL")[0]
    .replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
)
SENT_AGAIN = _FORMER.replace("mine.state IN ('redirected')", "mine.state IN ('redirected', 'expired')")


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0008_lineage'),
        ('organisations', '0009_directory'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='participation',
            name='participation_state_known',
        ),
        migrations.AddIndex(
            model_name='participation',
            index=models.Index(condition=models.Q(('role', 'sender'), ('state', 'sent')), fields=['since'], name='participation_unanswered'),
        ),
        migrations.AddConstraint(
            model_name='participation',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['sent', 'acknowledged', 'accepted', 'paused', 'closed', 'refused', 'withdrawn', 'cancelled', 'redirected', 'expired', 'booked', 'held', 'missed'])), name='participation_state_known'),
        ),
        migrations.RunSQL(SENT_AGAIN, _FORMER),
    ]
