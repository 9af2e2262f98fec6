"""The few cases whose progress a person withholds are found at once: every count of what came of cases leaves them out."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0015_opened'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='participation',
            index=models.Index(condition=models.Q(('withheld', True)), fields=['case'], name='participation_withheld'),
        ),
    ]
