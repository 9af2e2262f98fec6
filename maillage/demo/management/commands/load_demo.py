"""`load_demo`: what is missing of the demonstration, and nothing twice."""

from django.core.management.base import BaseCommand

from maillage.demo.conventions import load_conventions
from maillage.demo.directory import load_directory


class Command(BaseCommand):
    """Loads organisations, people, conventions and cases of the demonstration."""

    help = "Charge ce qui manque des données de démonstration."

    def handle(self, *_args: object, **_options: object) -> None:
        """Idempotent: a second run finds everything there."""
        load_directory(using="owner")
        load_conventions()
