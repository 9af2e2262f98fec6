"""The views that each person keeps of her lists."""

import django.db.models.deletion
from django.db import migrations, models

import maillage.core.identifiers
from maillage.core.row_security import ProtectTable


class Migration(migrations.Migration):

    dependencies = [
        ("organisations", "0009_directory"),
        ("cases", "0010_listed"),
        ("referrals", "0015_desk"),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ("user_id", models.UUIDField(verbose_name="personne")),
                ("name", models.CharField(max_length=40, verbose_name="nom")),
                ("query", models.CharField(blank=True, max_length=300, verbose_name="filtres")),
                ("saved_at", models.DateTimeField(verbose_name="enregistrée le")),
                ("organisation", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation")),
            ],
            options={
                "verbose_name": "vue enregistrée",
                "constraints": [
                    models.UniqueConstraint(fields=("organisation", "user_id", "name"), name="savedview_once", violation_error_message="Vous avez déjà une vue de ce nom."),
                    models.CheckConstraint(condition=models.Q(("name__regex", "[[:alnum:]]")), name="savedview_has_a_name", violation_error_message="Donnez un nom à cette vue."),
                    models.CheckConstraint(condition=models.Q(("query__regex", "^[a-z0-9_=&-]*$")), name="savedview_holds_codes", violation_error_message="Une vue ne garde que des filtres."),
                ],
            },
        ),
        ProtectTable("referrals_savedview"),
    ]
