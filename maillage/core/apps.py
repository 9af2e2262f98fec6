"""Core: domain-free parts, each named by its noun."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    """Policies and grants follow the models' declarations after every migration."""

    name = "maillage.core"
    label = "core"

    def ready(self) -> None:
        from maillage.core import checks, key_checks, number_checks  # noqa: F401, PLC0415 - importing them registers them
        from maillage.core.row_security.synchronise import after_migrate  # noqa: PLC0415 - models load after apps

        # Django sends the signal for applications with models only, once all migrations have run.
        post_migrate.connect(
            after_migrate, sender=apps.get_app_config("organisations"), dispatch_uid="row_security"
        )
