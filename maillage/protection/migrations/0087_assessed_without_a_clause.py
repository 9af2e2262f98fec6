"""An assessment of what no clause of protection covers: its key has a word before that of the exchange or of the service."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('protection', '0085_index_key_begun'),
    ]

    operations = [
        migrations.AlterField(
            model_name='assessment',
            name='regime',
            field=models.CharField(max_length=100, verbose_name='régime'),
        ),
    ]
