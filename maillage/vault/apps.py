"""Keys."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """Key pairs of organisations, keys of cases, the store outside the database."""

    name = "maillage.vault"
    label = "vault"

    def ready(self) -> None:
        """Register the check of the store."""
        from maillage.vault import checks  # noqa: F401, PLC0415 - importing it registers it; it needs the models
