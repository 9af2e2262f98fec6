"""A module may be on another theme than the seven of the framework, named in the organiser's own words."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('training', '0002_guards'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='module',
            name='module_theme_known',
        ),
        migrations.AddField(
            model_name='module',
            name='other_theme',
            field=models.CharField(blank=True, max_length=80, verbose_name='autre thème'),
        ),
        migrations.AddConstraint(
            model_name='module',
            constraint=models.CheckConstraint(condition=models.Q(('theme__in', ['rights', 'care_pathway', 'renunciation', 'prevention', 'social_service', 'social_action', 'online_services', 'other'])), name='module_theme_known', violation_error_message='Choisissez un thème.'),
        ),
        migrations.AddConstraint(
            model_name='module',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('theme', 'other'), models.Q(('other_theme', ''), _negated=True)), models.Q(models.Q(('theme', 'other'), _negated=True), ('other_theme', '')), _connector='OR'), name='module_other_theme_said', violation_error_message='Dites quel est cet autre thème.'),
        ),
    ]
