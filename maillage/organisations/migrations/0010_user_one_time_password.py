"""A password that somebody else gave serves to choose another."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organisations", "0009_cdr")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="one_time_password",
            field=models.BooleanField(
                default=False,
                db_default=False,
                help_text="Donné par un autre : il ne sert qu’à en choisir un.",
                verbose_name="mot de passe à changer",
            ),
        ),
    ]
