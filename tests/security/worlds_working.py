"""A second referral of each world, that the caisse works: it has tried to reach the person, and asks something;
it keeps a file of its own."""

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from maillage.beneficiaries.agreement import Agreement
from maillage.beneficiaries.correcting import correct, part_of, standing_of
from maillage.beneficiaries.rules import Told
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.row_security import acting
from maillage.organisations.roles import Role
from maillage.referrals import actions, planning, questions, working
from maillage.referrals.content import Content, Precisions, Situation
from maillage.referrals.drafts import begin
from maillage.referrals.lists.saving import save_view
from maillage.referrals.models import BulkHandOver
from maillage.referrals.queries import referral_of
from tests.days import today
from tests.referrals.world import member

if TYPE_CHECKING:
    from tests.security.worlds import World


def work(world: "World") -> None:
    """The second referral, sent by the world's worker; its caisse has somebody who works it, where the cast has nobody."""
    with member(world.worker) as worker:
        content = Content(
            authorisation=world.ids["authorisation"],
            person=replace(world.person, given_name=f"{world.person.given_name} bis"),
            situation=Situation(("cost",), f"CANARI{world.name}"),
            told=Told(today(), "oral", recipient_named=True),
            agreement=Agreement("agreed", "all", "oral"),
            precisions=Precisions({"received_here": True}),
        )
        case = actions.send(
            draft=begin(token=uuid7(), content=content, by=worker, at=now()), by=worker, at=now()
        )
        part = part_of(case, worker)
        known = standing_of(part, by=worker, why="pour corriger")
        right = replace(known.identity, safe_time="le matin")
        row = correct(part=part, corrected=right, seen=known.seen, by=worker, at=now())
        world.ids["correction"] = row.pk
        world.ids["view"] = save_view(name=f"CANARI{world.name}", query="vue=open", by=worker, at=now())
        bulk = BulkHandOver.objects.create(
            organisation_id=worker.organisation,
            giver=worker.user,
            taker=uuid7(),
            done_at=now(),
            done_by=uuid7(),
            undone_before=now() + timedelta(hours=9),
        )
        world.ids["bulk"] = bulk.id
    caisse = replace(
        worker,
        user=uuid7(),
        organisation=world.bodies["cpam"],
        organisation_kind="cpam",
        roles=frozenset({Role.CAISSE_ADVISER}),
    )
    attempt, question, action = uuid7(), uuid7(), uuid7()
    with transaction.atomic(), acting(organisation=caisse.organisation, user=caisse.user):
        referral = referral_of(caisse, case)
        working.acknowledge(referral=referral, by=caisse, at=now())
        tried = working.Tried(attempt, today(), "call", reached=False)
        working.contact(referral=referral, tried=tried, by=caisse, at=now())
        questions.ask(
            referral=referral, question_id=question, text=f"CANARI{world.name}", by=caisse, at=now()
        )
        texts = {"rights": f"CANARI{world.name}"}
        planning.assess(referral=referral, texts=texts, after=0, by=caisse, at=now())
        planned = planning.Plan(action, "appointment", today(), f"CANARI{world.name}")
        planning.plan(referral=referral, action=planned, by=caisse, at=now())
    world.ids |= {"attempt": attempt, "question": question, "action": action}
