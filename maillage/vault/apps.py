"""Keys."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """Key pairs of organisations, keys of cases, the store outside the database."""

    name = "maillage.vault"
    label = "vault"
