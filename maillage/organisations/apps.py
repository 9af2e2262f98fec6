"""Organisations, the people who work there, and their roles."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """Who belongs where, and what they may do."""

    name = "maillage.organisations"
    label = "organisations"
