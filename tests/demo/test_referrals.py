"""The demonstration's referrals: each person of the cast finds what to do, from the Croix-Rouge to the social service, and PRADO."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction

from maillage.cases.models import Case
from maillage.cases.queries import visible_to
from maillage.conventions.lifecycle.queries import load
from maillage.conventions.lifecycle.queries import visible_to as conventions_visible_to
from maillage.core.clock import now
from maillage.demo.conventions import acting_for, convention_id
from maillage.demo.figures import load_figures
from maillage.demo.referrals import PRADO, load_referrals
from maillage.demo.secondments import FRAMEWORK, NAME, load_secondments
from maillage.indicators.figures import Year
from maillage.indicators.queries import bilan
from maillage.organisations.models import Membership, Organisation
from maillage.referrals.enrolments import rendered
from maillage.referrals.forwarding.queries import to_restart
from maillage.referrals.forwarding.sequels import sequels
from maillage.referrals.models import Enrolment
from maillage.referrals.proposing import conventions_read
from maillage.referrals.queries import referral_of
from tests.days import today

WORKER, ADVISER, SSAM = (
    "accueil@croix-rouge.example.org",
    "conseil@cpam.example.org",
    "social@carsat.example.org",
)


def test_who_signs_in_finds_referrals_to_go_on_with_and_a_mother_to_visit(
    groundwork: object, fresh_database: object
) -> None:
    assert frameworks_read() == {convention_id(FRAMEWORK)}
    load_secondments()
    assert frameworks_read() == set()  # its local convention says the same, and is in force
    for _ in range(2):  # a second run adds nothing
        load_referrals()
    with transaction.atomic(), acting_for("croix_rouge", WORKER) as worker:
        mine = visible_to(worker).filter(kind="referral")
        assert {part.convention_id for part in mine} == {convention_id(NAME)}
        assert sorted(part.state for part in mine) == ["accepted", "accepted", "redirected", "sent"]
        assert [part.urgent for part in mine if part.state == "sent"] == [True]
        ((_, where),) = to_restart(worker, on=today(), limit=5)
        assert where
        assert where.key == "flows.depot_dossiers"
    with transaction.atomic(), acting_for("carsat", SSAM) as social:
        (part,) = visible_to(social)
        assert (part.kind, part.role, part.state) == ("referral", "recipient", "sent")
    with transaction.atomic(), acting_for("cpam", ADVISER) as adviser:
        worked = visible_to(adviser).filter(kind="referral", state="accepted")
        offered = [sequels(referral_of(adviser, part.case_id).case, adviser, at=now()) for part in worked]
        assert [one.under.service for found in offered for one in found] == ["ssam", "ssam"]
        assert rendered(adviser, convention_id(PRADO), at=now()).is_open
        assert Enrolment.objects.count() == 1
    assert Organisation.objects.filter(name="CAF de la Loire", kind="caf").count() == 1
    the_caf_reads_the_counts_of_its_convention_and_none_of_its_people()
    and_starts_again_when_its_people_lost_their_roles()


def the_caf_reads_the_counts_of_its_convention_and_none_of_its_people() -> None:
    for _ in range(2):
        load_figures()
    with transaction.atomic(), acting_for("caf") as family:
        known = load(conventions_visible_to(family).get())
        assert (known.id, known.row.state) == (convention_id(PRADO), "in_force")
        assert {one.party_key: one.recorded_for_id for one in known.row.signatures.all()}[
            "cnaf"
        ] == family.organisation
        report = bilan(known, Year(today().year), today())
        said = {one.question: one.value for one in report.figures}
        assert (report.exact, said["personnes_aidees"], said["conventions_locales"]) == (False, 214, 0)
        assert not visible_to(family).exists()
        assert not Enrolment.objects.exists()


def frameworks_read() -> set[UUID]:
    """The frameworks by whose local text the Croix-Rouge is told what a situation opens."""
    with transaction.atomic(), acting_for("croix_rouge", WORKER) as worker:
        read = conventions_read(worker, at=now()).all
        return {one.known.id for one in read if one.prepared.routing.is_local}


def and_starts_again_when_its_people_lost_their_roles() -> None:
    """An organisation that somebody closed on the pages, a role that was ended: `make run` finds everything there."""
    before = Case.objects.using("owner").count()
    Membership.objects.using("owner").update(until=today() - timedelta(days=1))
    with pytest.raises(LookupError, match="works nowhere"), transaction.atomic(), acting_for("cpam"):
        pass
    load_secondments()
    load_referrals()
    assert Case.objects.using("owner").count() == before
