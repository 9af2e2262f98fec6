from django.apps import AppConfig


class RightsConfig(AppConfig):
    """Applications for rights, and their clocks."""

    name = "maillage.rights"
    label = "rights"
