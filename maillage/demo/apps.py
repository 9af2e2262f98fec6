"""The demonstration."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Synthetic organisations, people and cases."""

    name = "maillage.demo"
    label = "demo"
