"""`maillage manage run_worker`: the background process of the platform."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from maillage.core.checks import refuse_unsafe_start
from maillage.notifications.tasks import GATHERING, RETRYING, SENDING
from maillage.notifications.worker import WrongRole, act_as_worker, run

FIRST = (
    RETRYING,
    "conventions.sweep",
    "beneficiaries.index",
    "cases.count_readings",
    "audit.seal",
    "referrals.heed",
    "referrals.summarise",
    GATHERING,
    SENDING,
)
"""Run at the start: jobs left by a killed worker, days missed, messages waiting. Tasks of higher rooms go by name."""


class Command(BaseCommand):
    """Run the background jobs until the process is asked to stop."""

    help = "Exécute les tâches de fond : dates des conventions, messages, reprise des tâches interrompues."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="s’arrête quand il ne reste rien à faire")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        refuse_unsafe_start()
        try:
            act_as_worker()
        except WrongRole as error:
            raise CommandError(str(error)) from error
        run(first=FIRST, wait=not options["once"])
