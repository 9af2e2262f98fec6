import django.db.models.deletion
import django.db.models.functions.text
import maillage.core.identifiers
from django.conf import settings
from django.db import migrations, models


from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("audit", "0002_chain"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "id",
                    models.UUIDField(
                        default=maillage.core.identifiers.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "email",
                    models.EmailField(max_length=254, unique=True, verbose_name="adresse électronique"),
                ),
                ("full_name", models.CharField(max_length=150, verbose_name="nom")),
                ("is_active", models.BooleanField(default=True, verbose_name="actif")),
            ],
            options={
                "verbose_name": "personne",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                        name="user_email_lowercase",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=maillage.core.identifiers.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("cnam", "Cnam"),
                            ("cpam", "CPAM"),
                            ("ccss", "CCSS"),
                            ("cgss", "CGSS"),
                            ("cssm", "CSSM"),
                            ("carsat", "CARSAT"),
                            ("cramif", "CRAMIF"),
                            ("drsm", "DRSM"),
                            ("ces", "Centre d’examens de santé"),
                            ("cnaf", "Cnaf"),
                            ("caf", "CAF"),
                            ("cnav", "Cnav"),
                            ("cnsa", "CNSA"),
                            ("msa", "MSA"),
                            ("mdph", "MDPH"),
                            ("ars", "ARS"),
                            ("state", "État"),
                            ("departement", "Département"),
                            ("region", "Région"),
                            ("commune", "Commune"),
                            ("ccas", "CCAS"),
                            ("cias", "CIAS"),
                            ("hospital", "Établissement de santé"),
                            ("health_centre", "Centre de santé"),
                            ("association", "Association"),
                            ("mutual", "Mutuelle"),
                            ("penitentiary", "Établissement pénitentiaire"),
                            ("school", "Établissement d’enseignement"),
                            ("france_travail", "France Travail"),
                            ("mission_locale", "Mission locale"),
                            ("france_services", "France services"),
                            ("other", "Autre organisme"),
                        ],
                        max_length=20,
                        verbose_name="nature",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="nom")),
                ("short_name", models.CharField(max_length=60, verbose_name="nom court")),
                (
                    "sort_name",
                    models.CharField(
                        help_text="Nom sans accents ni majuscules : clé de tri stockée.", max_length=200
                    ),
                ),
                ("siret", models.CharField(blank=True, max_length=14, verbose_name="SIRET")),
                ("address", models.TextField(blank=True, verbose_name="adresse")),
                ("departement", models.CharField(blank=True, max_length=3, verbose_name="département")),
                (
                    "time_zone",
                    models.CharField(default="Europe/Paris", max_length=40, verbose_name="fuseau horaire"),
                ),
                ("mailbox", models.EmailField(blank=True, max_length=254, verbose_name="boîte générique")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="téléphone")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "organisme",
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=maillage.core.identifiers.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("partner_worker", "Intervenant·e social·e"),
                            ("caisse_adviser", "Conseiller·ère de la caisse"),
                            ("referent", "Référent·e de convention"),
                            ("national_referent", "Référent·e national·e"),
                            ("dpo", "Délégué·e à la protection des données"),
                            ("administrator", "Administrateur·rice de l’organisme"),
                        ],
                        max_length=30,
                        verbose_name="rôle",
                    ),
                ),
                ("since", models.DateField(verbose_name="depuis le")),
                (
                    "until",
                    models.DateField(
                        blank=True, help_text="Dernier jour compris.", null=True, verbose_name="jusqu’au"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "appartenance",
            },
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(fields=["sort_name"], name="organisation_sort"),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("siret", ""), _negated=True),
                fields=("siret",),
                name="organisation_siret_once",
                violation_error_message="Ce SIRET est déjà celui d’un autre organisme.",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "cnam",
                            "cpam",
                            "ccss",
                            "cgss",
                            "cssm",
                            "carsat",
                            "cramif",
                            "drsm",
                            "ces",
                            "cnaf",
                            "caf",
                            "cnav",
                            "cnsa",
                            "msa",
                            "mdph",
                            "ars",
                            "state",
                            "departement",
                            "region",
                            "commune",
                            "ccas",
                            "cias",
                            "hospital",
                            "health_centre",
                            "association",
                            "mutual",
                            "penitentiary",
                            "school",
                            "france_travail",
                            "mission_locale",
                            "france_services",
                            "other",
                        ],
                    )
                ),
                name="organisation_kind_known",
            ),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(fields=["user", "organisation"], name="membership_user"),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                fields=("user", "organisation", "role", "since"), name="membership_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                ),
                name="membership_dates_ordered",
                violation_error_message="La fin ne peut pas précéder le début.",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "role__in",
                        [
                            "partner_worker",
                            "caisse_adviser",
                            "referent",
                            "national_referent",
                            "dpo",
                            "administrator",
                        ],
                    )
                ),
                name="membership_role_known",
            ),
        ),
        ProtectTable("organisations_organisation"),
        ProtectTable("organisations_user"),
        ProtectTable("organisations_membership"),
        JournalTable("organisations_organisation", "id"),
        JournalTable("organisations_user", "id"),
        JournalTable("organisations_membership", "id"),
    ]
