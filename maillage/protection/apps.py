from django.apps import AppConfig


class ProtectionConfig(AppConfig):
    """What the conventions promise about personal data, kept by the platform itself."""

    name = "maillage.protection"
    label = "protection"
