"""A workbook that Maillage drew is kept as the PDF beside it is."""

from django.db import migrations, models

_BEFORE = ['application/pdf', 'image/png', 'image/jpeg']
_XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'


class Migration(migrations.Migration):
    dependencies = [('documents', '0003_rewrapping')]

    operations = [
        migrations.RemoveConstraint('document', 'document_type_known'),
        migrations.AlterField('document', 'media_type', models.CharField(max_length=80, verbose_name='type')),
        migrations.AddConstraint(
            'document', models.CheckConstraint(condition=models.Q(('media_type__in', [*_BEFORE, _XLSX])), name='document_type_known')
        ),
    ]
