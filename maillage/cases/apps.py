"""Cases and who takes part in them."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """One concept for sharing."""

    name = "maillage.cases"
    label = "cases"
