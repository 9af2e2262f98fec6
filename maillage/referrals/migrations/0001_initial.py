import django.contrib.postgres.fields
import django.db.models.deletion
import maillage.core.identifiers
import maillage.referrals.states
from django.db import migrations, models


from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("audit", "0002_chain"),
        ("cases", "0001_initial"),
        ("organisations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Referral",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="referral",
                        serialize=False,
                        to="cases.case",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        default=maillage.referrals.states.State["SENT"], max_length=20, verbose_name="état"
                    ),
                ),
                ("urgent", models.BooleanField(default=False, verbose_name="urgente")),
                (
                    "motives",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), size=None, verbose_name="motifs"
                    ),
                ),
                ("narrative", models.BinaryField(blank=True, null=True, verbose_name="situation chiffrée")),
                ("sent_at", models.DateTimeField(verbose_name="envoyée le")),
                ("sent_by", models.UUIDField(verbose_name="par")),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True, verbose_name="accusée le")),
                ("acknowledged_by", models.UUIDField(blank=True, null=True)),
                (
                    "contacted_on",
                    models.DateField(blank=True, null=True, verbose_name="personne contactée le"),
                ),
                ("contacted_by", models.UUIDField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="clôturée le")),
                ("closed_by", models.UUIDField(blank=True, null=True)),
                ("care_outcome", models.CharField(blank=True, max_length=20, verbose_name="soins")),
                ("rights_outcome", models.CharField(blank=True, max_length=20, verbose_name="droits")),
            ],
            options={
                "verbose_name": "orientation",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["sent", "acknowledged", "contacted", "closed"])),
                        name="referral_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "motives__contained_by",
                                [
                                    "unknown_steps",
                                    "complementary_cover",
                                    "no_appointment",
                                    "cost",
                                    "isolated",
                                    "online",
                                    "distance_time_disability",
                                    "rights_not_open",
                                ],
                            ),
                            ("motives__len__gt", 0),
                        ),
                        name="referral_motives_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("acknowledged_at__isnull", True), ("state", "sent")),
                            models.Q(
                                models.Q(("state", "sent"), _negated=True), ("acknowledged_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="referral_acknowledged_has_its_date",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("acknowledged_at__isnull", True), ("acknowledged_by__isnull", True)),
                            models.Q(("acknowledged_at__isnull", False), ("acknowledged_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="referral_acknowledged_by_someone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "contacted"), _negated=True),
                            ("contacted_on__isnull", False),
                            _connector="OR",
                        ),
                        name="referral_contacted_has_its_date",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("contacted_by__isnull", True), ("contacted_on__isnull", True)),
                            models.Q(
                                ("acknowledged_at__isnull", False),
                                ("contacted_by__isnull", False),
                                ("contacted_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="referral_contacted_by_someone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at__isnull", False),
                                ("closed_by__isnull", False),
                                ("state", "closed"),
                                (
                                    "care_outcome__in",
                                    ["done", "not_relevant", "refused", "unreachable", "none_needed"],
                                ),
                                ("rights_outcome__in", ["opened", "refused", "none"]),
                            ),
                            models.Q(
                                models.Q(("state", "closed"), _negated=True),
                                ("care_outcome", ""),
                                ("closed_at__isnull", True),
                                ("closed_by__isnull", True),
                                ("rights_outcome", ""),
                            ),
                            _connector="OR",
                        ),
                        name="referral_closed_has_its_outcome",
                        violation_error_message="Une orientation clôturée dit ce qu’il en est des soins et des droits.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("acknowledged_at__isnull", True),
                            ("acknowledged_at__gte", models.F("sent_at")),
                            _connector="OR",
                        ),
                        name="referral_acknowledged_after_sent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_at__isnull", True),
                            ("closed_at__gte", models.F("acknowledged_at")),
                            _connector="OR",
                        ),
                        name="referral_closed_after_acknowledged",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Draft",
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
                ("author", models.UUIDField(verbose_name="par")),
                ("sealed", models.BinaryField(verbose_name="brouillon scellé")),
                ("updated_at", models.DateTimeField(verbose_name="enregistré le")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "brouillon d’orientation",
                "indexes": [
                    models.Index(fields=["organisation", "author", "-updated_at"], name="draft_author")
                ],
            },
        ),
        ProtectTable("referrals_referral"),
        ProtectTable("referrals_draft"),
        JournalTable("referrals_referral", "case_id"),
    ]
