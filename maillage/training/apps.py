from django.apps import AppConfig


class TrainingConfig(AppConfig):
    """Sessions that inform and train partners."""

    name = "maillage.training"
    label = "training"
