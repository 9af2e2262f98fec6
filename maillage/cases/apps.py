"""Cases and who takes part in them."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """One concept for sharing."""

    name = "maillage.cases"
    label = "cases"

    def ready(self) -> None:
        """The walls around restricted cases follow the models after every migration."""
        from maillage.cases.freezing import connect  # noqa: PLC0415 - it needs the models

        connect()
