"""One more role: who keeps the directory as a whole."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organisations", "0011_directory")]

    operations = [
        migrations.RemoveConstraint(
            model_name='membership',
            name='membership_role_known',
        ),
        migrations.AlterField(
            model_name='membership',
            name='role',
            field=models.CharField(choices=[('partner_worker', 'Intervenant·e social·e'), ('caisse_adviser', 'Conseiller·ère de la caisse'), ('referent', 'Référent·e de convention'), ('national_referent', 'Référent·e national·e'), ('dpo', 'Délégué·e à la protection des données'), ('administrator', 'Administrateur·rice de l’organisme'), ('directory_manager', 'Gestionnaire de l’annuaire')], max_length=30, verbose_name='rôle'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['partner_worker', 'caisse_adviser', 'referent', 'national_referent', 'dpo', 'administrator', 'directory_manager'])), name='membership_role_known'),
        ),
    ]
