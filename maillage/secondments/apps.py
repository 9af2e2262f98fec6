from django.apps import AppConfig


class SecondmentsConfig(AppConfig):
    """A caisse's agent at a partner's, by appointment."""

    name = "maillage.secondments"
    label = "secondments"
