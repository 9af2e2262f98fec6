"""What one party of each world asked of the other: a question about nobody, and one about the case."""

from typing import TYPE_CHECKING

from django.db import transaction

from maillage.cases.models import Participation
from maillage.cases.queries import keys_of
from maillage.conventions.solicitations.actions import ProgressQuestion, ask_progress, sealed_place
from maillage.conventions.solicitations.models import Solicitation
from maillage.core import crypto
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.row_security import acting
from tests.days import today
from tests.referrals.world import member

if TYPE_CHECKING:
    from tests.security.worlds import World


def solicit(world: "World") -> None:
    """Both questions, unanswered: the answers' pages are tried on them. And two that the caisse asks, to be taken back."""
    asked_on = today()
    with transaction.atomic(), acting(organisation=world.bodies["ccas"]):
        plain = Solicitation.objects.create(
            convention_id=world.ids["convention"], way="information", article="4", caller_id=world.bodies["ccas"],
            called_id=world.bodies["cpam"], called_key="cpam", asked_by=uuid7(), due_on=asked_on,
            question=f"CANARI{world.name}",
        )  # fmt: skip
    question = ProgressQuestion(uuid7(), f"CANARI{world.name}", asked_on, "oral", "Assistante sociale")
    with member(world.worker) as worker:
        progress = ask_progress(case=world.ids["case"], question=question, by=worker, at=now())
    back = {
        "convention_id": world.ids["convention"], "article": "4", "caller_id": world.bodies["cpam"],
        "called_id": world.bodies["ccas"], "called_key": "ccas", "asked_by": uuid7(), "due_on": asked_on,
    }  # fmt: skip
    with transaction.atomic(), acting(organisation=world.bodies["cpam"]):
        asked = Solicitation.objects.create(way="information", question=f"CANARI{world.name}", **back)
        part = Participation.objects.get(case_id=world.ids["case"], organisation_id=world.bodies["cpam"])
        new, key = uuid7(), keys_of([part])[part.case_id]
        sealed = crypto.encrypt(key, f"CANARI{world.name}".encode(), at=sealed_place(new, "sealed_question"))
        asked_progress = Solicitation.objects.create(
            id=new, way="progress", case_id=world.ids["case"], sealed_question=sealed, agreed_on=asked_on, agreement_means="oral",
            agreement_by="Conseillère", **back,
        )  # fmt: skip
    world.ids |= {"asked": asked.pk, "asked_progress": asked_progress.pk}
    world.ids |= {"solicitation": plain.pk, "progress": progress.pk}
