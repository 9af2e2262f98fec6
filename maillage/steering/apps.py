from django.apps import AppConfig


class SteeringConfig(AppConfig):
    """What a convention’s committee decides and follows."""

    name = "maillage.steering"
    label = "steering"
