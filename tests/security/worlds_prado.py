"""PRADO in each world: the service in its text, and a mother whom its caisse has enrolled; a sheet that its partner keys in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from maillage.conventions import library
from maillage.conventions.terms import Terms
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.row_security import acting
from maillage.organisations.member import Member
from maillage.organisations.roles import Role
from maillage.referrals import enrolling, keying
from maillage.referrals.enrolling import Begun
from maillage.referrals.enrolment_files import Mother
from maillage.referrals.rekeying.rules import new_reference
from tests.days import today

if TYPE_CHECKING:
    from tests.security.worlds import World


def with_prado(terms: Terms) -> Terms:
    """A text that has no such service, with S0's, rendered by its caisse."""
    services = library.load("prado_maternite_2016").services
    prado = next(one for one in services if one.key == "prado_maternite")
    return terms.model_copy(
        update={"services": (*terms.services, prado.model_copy(update={"debtors": ("cpam",)}))}
    )


def enrol(world: World) -> None:
    """A mother whom an adviser of the caisse has met."""
    from tests.security.worlds import member, organisation

    new = uuid7()
    adviser = Member(
        user=uuid7(),
        user_name="Essai",
        organisation=world.bodies["cpam"],
        organisation_name="",
        organisation_kind="cpam",
        roles=frozenset({Role.CAISSE_ADVISER}),
        departement="42",
    )
    mother = Mother(f"CANARI{world.name}", world.person.given_name)
    begun = Begun(new, organisation("CH d’Exemple"), mother)
    with transaction.atomic(), acting(organisation=adviser.organisation, user=adviser.user):
        enrolling.enrol(convention=world.ids["convention"], begun=begun, by=adviser, at=now())
    paper = uuid7()
    with member(world.worker) as worker:
        typed = new_reference()
        keying.receive(paper_id=paper, typed=typed, received_on=today(), by=worker, at=now())
    world.ids |= {"enrolment": new, "paper": paper, "prado": world.ids["convention"]}
