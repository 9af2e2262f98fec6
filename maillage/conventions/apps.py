"""Conventions."""

from django.apps import AppConfig


class ConventionsConfig(AppConfig):
    """The convention is the configuration."""

    name = "maillage.conventions"
    label = "conventions"
