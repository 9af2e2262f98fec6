"""From the convention's text to its counts: written, signed and ended by the real actions, a referral in between."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from maillage.conventions.lifecycle.actions import end_by_agreement
from maillage.conventions.terms.criteria import Value
from maillage.core.clock import now
from maillage.documents.models import Document
from maillage.organisations.member import Member
from maillage.referrals import actions, proposing
from maillage.referrals.content import Content, Precisions
from maillage.referrals.proposing import Proposal, Standing, conventions_read
from maillage.referrals.queries import ReferralCounts, file_of, referral_counts
from maillage.referrals.routes import Closure, DataRoles, OpenRoute
from maillage.referrals.routing.router import Way
from tests.conventions import people
from tests.referrals.world import (
    ADVISER,
    FAR_AHEAD,
    FLOW,
    WORKER,
    Signed,
    complete,
    member,
    organisation,
    send_referral,
    sign_convention,
    work,
    write_draft,
)

DESCRIBED = complete(uuid4())


def proposals(member_: Member, content: Content = DESCRIBED) -> dict[str, Proposal]:
    """Each flow's proposal, for a situation."""
    found = conventions_read(member_, at=now()).proposals(content)
    return {one.flow_key: one for one in found if one.flow_key}


def sendable(member_: Member, content: Content = DESCRIBED) -> list[OpenRoute]:
    """The services to which that situation may be sent."""
    read = conventions_read(member_, at=now())
    return read.sendable(read.proposals(content))


@pytest.fixture
def without_annex(db: None) -> Signed:
    """S3, signed by its three parties five days ago by the real actions; nobody has said who answers for the data."""
    return Signed(people.signed(people.S3, now() - timedelta(days=8), now() - timedelta(days=5)))


@pytest.fixture
def convention(without_annex: Signed) -> Signed:
    """The same, once the missing annex has said it."""
    people.roles_recorded(without_annex.id, now())
    return without_annex


def test_the_text_opens_the_service_and_names_its_article(convention: Signed) -> None:
    with member(WORKER) as worker:
        opened = {route.service: route for route in sendable(worker)}
        assert opened["misas"].convention == convention.id
        assert opened["misas"].article == "3"
        assert opened["misas"].recipient == organisation("CPAM 42").id
        call = proposals(worker)["appel_ssam"]
        assert call.route is not None
        assert (call.route.way, call.standing, call.opened) == (Way.PHONE, Standing.INCOMPLETE, None)


def test_the_missing_annex_closes_the_way_until_someone_says_the_roles(without_annex: Signed) -> None:
    with member(WORKER) as worker:
        assert not sendable(worker)
        closed = proposals(worker)["orientation_misas"].closed
    assert closed is not None
    assert (closed.closure, closed.article) == (Closure.NO_ROLES, "3")
    before = closed.roles
    assert (before.question, before.why, before.article) == (
        "Rôles des parties au regard du RGPD pour les détections",
        "annexe manquante",
        "annexe 6",
    )
    assert before.controllers == ()
    people.roles_recorded(without_annex.id, now())
    after = roles_shown()
    assert after.question == ""
    assert after.controllers == ("Caisse primaire d'assurance maladie de la Loire",)
    assert after.processors == ("Centre communal d'action sociale de Montbrison",)


def roles_shown() -> DataRoles:
    """What the sender is shown of the roles of the flow."""
    with member(WORKER) as worker:
        (found,) = (route.roles for route in sendable(worker) if route.service == "misas")
        return found


def test_a_referral_goes_its_way_and_the_convention_counts_it(convention: Signed) -> None:
    case = send_referral(convention)
    work(case, "acknowledge", "accept", "contact", "close")
    with member(WORKER) as worker:
        assert file_of(worker, case).referral.state == "closed"
        assert referral_counts(convention.id, worker) == ReferralCounts(1, 1, 0, 1)


def test_once_ended_by_agreement_nothing_leaves_and_the_caisse_goes_on(convention: Signed) -> None:
    case = send_referral(convention)
    draft = write_draft(convention)
    end(convention, now())
    with member(WORKER) as worker:
        with pytest.raises(actions.FlowClosed) as refused:
            actions.send(draft=draft, by=worker, at=now())
        assert refused.value.authorisation is not None
        assert refused.value.authorisation.article == "3"
        assert not sendable(worker)
        closed = proposals(worker)["orientation_misas"].closed
        assert closed is not None
        assert closed.closure is Closure.ENDED
    work(case, "acknowledge", "accept", "contact", "close")
    with member(ADVISER) as adviser:
        assert file_of(adviser, case).referral.state == "closed"


def test_what_is_closed_is_read_some_conventions_at_a_time(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proposing, "PAGE", 2)
    wanted = {sign_convention().id for _ in range(3)}
    with member(WORKER) as worker:
        pages = [conventions_read(worker, at=now(), page=number) for number in (1, 2, 3)]
    assert [page.has_next for page in pages] == [True, False, False]
    shown = [{read.known.id for read in page.all if read.is_whole} for page in pages]
    assert [len(one) for one in shown] == [2, 1, 0]
    assert set.union(*shown) == wanted
    for page in pages:  # what is open is there whatever the page
        assert {route.convention for route in page.sendable(page.proposals(DESCRIBED))} == wanted


def test_who_receives_and_also_sends_may_send_only_what_it_sends(db: None) -> None:
    on = {"key": "suite", "sender": "cpam", "recipient": "carsat", "service": "ssam"}
    convention = sign_convention(on)
    convention.publish(until=FAR_AHEAD, flows=[FLOW, {**FLOW, **on}])
    general: dict[str, Value] = {"received_here": True, "scheme": "general", "first_level_given": True}
    content = complete(uuid4(), precisions=Precisions(general))
    with member(ADVISER) as adviser:
        assert [route.service for route in sendable(adviser, content)] == ["ssam"]
    with member(WORKER) as worker:
        assert [route.service for route in sendable(worker, content)] == ["misas"]


def end(convention: Signed, at: datetime) -> None:
    """The parties agree that it ends: its first day out is the day of the agreement."""
    with people.member(people.CPAM, at) as referent:
        agreement = Document.objects.create(
            organisation_id=referent.organisation,
            media_type="application/pdf",
            size=1,
            sha256="0" * 64,
            name=b"",
            wrapped_key=b"",
        )
        end_by_agreement(
            convention=people.seen(referent, convention.id),
            day=at.date(),
            effect=at.date(),
            document=agreement.id,
            by=referent,
            at=at,
        )
