"""What colleagues began about a person and did not send is found for her request, and noted on its file."""

from importlib import import_module

import django.contrib.postgres.fields
from django.db import migrations, models

_KEPT = import_module("maillage.protection.migrations.0030_requests_kept")
FILE_FORMER = import_module("maillage.protection.migrations.0070_who_asks_passed_on").FILE
FILE = _KEPT._changed(FILE_FORMER, ("cases,contacts,searched_at", "cases,contacts,begun,begun_searched,searched_at"))


class Migration(migrations.Migration):

    dependencies = [
        ('protection', '0070_who_asks_passed_on'),
    ]

    operations = [
        migrations.AddField(
            model_name='requestfile',
            name='begun',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), db_default=[], default=list, size=None, verbose_name='pas encore envoyés'),
        ),
        migrations.AddField(
            model_name='requestfile',
            name='begun_searched',
            field=models.BooleanField(db_default=False, default=False, verbose_name='brouillons cherchés'),
        ),
        migrations.RemoveConstraint(
            model_name='requestfile',
            name='requestfile_nothing_is_no_case',
        ),
        migrations.AddConstraint(
            model_name='requestfile',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'refused']), models.Q(('begun__len', 0), ('cases__len', 0), ('contacts__len', 0), ('state', 'nothing')), ('state', 'answered'), _connector='OR'), name='requestfile_nothing_is_no_case'),
        ),
        migrations.RunSQL(FILE, FILE_FORMER),
    ]
