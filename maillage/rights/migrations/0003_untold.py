"""An index finds what was decided and of which the person was not told."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0014_applications'),
        ('rights', '0002_guards'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='application',
            index=models.Index(condition=models.Q(('decided_on__isnull', False), ('notified_on__isnull', True)), fields=['decided_on'], name='application_untold'),
        ),
    ]
