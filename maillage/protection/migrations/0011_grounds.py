"""An objection may be refused because the processing rests on neither of the bases that open that right (GDPR art. 21.1)."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('protection', '0010_network'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='requestfile',
            name='requestfile_kinds_known',
        ),
        migrations.RemoveConstraint(
            model_name='rightoutcome',
            name='rightoutcome_kinds_known',
        ),
        migrations.AddConstraint(
            model_name='requestfile',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'answered', 'nothing', 'refused']), ('check_made__in', ['known', 'seen', 'details', 'pending']), ('ground__in', ['', 'identity', 'excessive', 'others', 'legal', 'public_task', 'compelling', 'not_held', 'basis'])), name='requestfile_kinds_known', violation_error_message='Choisissez dans la liste.'),
        ),
        migrations.AddConstraint(
            model_name='rightoutcome',
            constraint=models.CheckConstraint(condition=models.Q(('right__in', ['access', 'rectification', 'erasure', 'restriction', 'objection', 'portability']), ('outcome__in', ['granted', 'nothing', 'refused']), ('ground__in', ['', 'identity', 'excessive', 'others', 'legal', 'public_task', 'compelling', 'not_held', 'basis'])), name='rightoutcome_kinds_known', violation_error_message='Choisissez dans la liste.'),
        ),
    ]
