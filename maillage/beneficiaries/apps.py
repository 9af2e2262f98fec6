"""The person, what she was told and what she agreed to."""

from django.apps import AppConfig


class BeneficiariesConfig(AppConfig):
    """Encrypted identity."""

    name = "maillage.beneficiaries"
    label = "beneficiaries"
