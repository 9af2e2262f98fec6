"""What was filed, and what was decided, within a period is found by its day: a year is counted without reading the others."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0014_applications'),
        ('rights', '0007_stumbles'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='application',
            index=models.Index(fields=['sent_at'], name='application_sent'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(condition=models.Q(('decided_on__isnull', False)), fields=['decided_on'], name='application_decided'),
        ),
    ]
