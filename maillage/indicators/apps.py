from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """What is counted, asked and shown."""

    name = "maillage.indicators"
    label = "indicators"
