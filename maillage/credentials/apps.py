"""Credentials."""

from django.apps import AppConfig


class CredentialsConfig(AppConfig):
    """What proves that someone is who she says: second factors, sessions, identities at a provider."""

    name = "maillage.credentials"
    label = "credentials"
