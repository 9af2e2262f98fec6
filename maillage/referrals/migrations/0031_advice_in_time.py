"""What was handed to people under a convention in a year is counted without reading the other conventions."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('referrals', '0030_outcomes_counted'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='advice',
            index=models.Index(fields=['convention_id', 'given_at'], name='advice_in_time'),
        ),
    ]
