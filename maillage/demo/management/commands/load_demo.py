"""`load_demo`: what is missing of the demonstration, and nothing twice."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from maillage.demo.cast import BODIES
from maillage.demo.committees import load_committees
from maillage.demo.conventions import load_conventions
from maillage.demo.deployment import load_deployment
from maillage.demo.directory import load_directory
from maillage.demo.figures import load_figures
from maillage.demo.places import load_places
from maillage.demo.protection import load_protection
from maillage.demo.referrals import load_referrals
from maillage.demo.rights import load_rights
from maillage.demo.secondments import load_secondments
from maillage.demo.steering import load_steering
from maillage.demo.supports import load_supports
from maillage.demo.training import load_training
from maillage.organisations.models import Organisation


class Command(BaseCommand):
    """Loads organisations, people, conventions and cases of the demonstration."""

    help = "Charge ce qui manque des données de démonstration."

    def handle(self, *_args: object, **_options: object) -> None:
        """Idempotent: a second run finds everything there. Its accounts have a public password: never beside real data."""
        if getattr(settings, "REFUSE_UNSAFE_START", False):
            raise CommandError(
                "La démonstration, dont le mot de passe est public, ne se charge pas en production."
            )
        names = set(Organisation.objects.using("owner").values_list("name", flat=True))
        if names and BODIES[0].name not in names:
            raise CommandError(
                "Cette base tient déjà d’autres organismes : la démonstration n’y est pas chargée."
            )
        load_directory(using="owner")
        load_places(using="owner")
        load_conventions()
        load_secondments()
        load_supports()
        load_deployment(using="owner")
        load_steering()
        load_training()
        load_rights()
        load_referrals()
        load_figures()
        load_committees()
        load_protection()
