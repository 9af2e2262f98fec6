"""Nobody reaches what is not theirs, at any address, in any way; and nobody learns that it exists."""

import inspect
from collections import Counter
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from django.db import transaction
from django.http import HttpResponse
from django.urls import path, reverse

from maillage.cases.models import Authorisation, Participation
from maillage.conventions.calendar_feeds.actions import renew, revoke, token_of
from maillage.core.clock import now
from maillage.core.database.settings import DatabaseUrls
from maillage.core.identifiers import uuid7
from maillage.organisations.roles import Permission
from maillage.referrals import acted_on
from maillage.referrals.proposing import Conventions, Proposal
from maillage.referrals.routes import OpenRoute
from maillage.web.rules import Rule, page, rule_of
from tests.architecture.test_pages import Address
from tests.security.conftest import Worlds
from tests.security.expectations import MEMBER, REACHED, RULES
from tests.security.extent import ALL, EXTENTS, Extent
from tests.security.fragments import HTMX, drawn
from tests.security.headers import Watch
from tests.security.reach import NoProvider, Visitor, probed, written_rule
from tests.security.worlds import PERSONAS, SEE, member

pytestmark = pytest.mark.security


THIN = 256


@pytest.fixture
def visitor(worlds: Worlds, silence: None) -> Visitor:
    """Both worlds and everybody's browsers, in a transaction that is rolled back; `make proof ONLY=S1` tries all."""
    return Visitor(*worlds, thin=THIN)


def report(name: str, visitor: Visitor) -> None:
    found = visitor.findings
    print(f"{name}: {len(found.knocks)} distinct probes, {found.pairs} pairs, {dict(found.tried)}")  # noqa: T201 - the count is the result
    assert not found.violations, "\n".join(found.violations[:30])


@EXTENTS
def test_everybody_reaches_what_is_theirs_and_nothing_else(visitor: Visitor, extent: Extent) -> None:
    """Whatever is answered carries its headers and closed cookies, and calls no other host (S14)."""
    visitor.watch = watch = Watch()
    found = extent.of(probed())
    for address in found:
        visitor.knock(address)
    visitor.rest()
    report("S1", visitor)
    assert {knock.address for knock in visitor.findings.knocks} == {address.name for address in found}
    for rule in ("ok", "404", "403", "method", "anonymous"):
        assert visitor.findings.tried[rule] > 0, rule
    assert not without_twin(visitor)
    assert not watch.wrong, "\n".join(sorted(watch.wrong)[:30])
    assert {200, 302, 403, 404, 405} <= watch.statuses.keys()
    assert watch.statuses.total() > extent.least(500)


def test_every_page_that_answers_htmx_by_itself_is_asked_for_fragments() -> None:
    answering = {one.name for one in probed() if "HX-Request" in inspect.getsource(inspect.unwrap(one.view))}
    assert answering == HTMX
    assert {drawn(one.name) for one in probed()} > {*HTMX, ""}


def unlike_what_is_written() -> list[str]:
    """Addresses whose page declares another rule than the oracle's, and rules of no address."""
    found = probed()
    wrong = [
        f"{address.name} declares {rule_of(address.view)}, tests/security/expectations.py says {written_rule(address)}"
        for address in found
        if rule_of(address.view) != written_rule(address)
    ]
    gone = RULES.keys() - {address.name for address in found}
    return wrong + [f"{name} is in RULES of tests/security/expectations.py and nowhere else" for name in gone]


def test_every_page_declares_the_rule_that_is_written_for_it() -> None:
    assert not unlike_what_is_written()


def test_a_page_that_asks_for_less_than_is_written_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        (opened,) = [address.view for address in probed() if address.name == "referrals:case"]
        patch.setattr(opened, "rule", Rule(None, ("GET",)))
        assert ["referrals:case" in wrong for wrong in unlike_what_is_written()] == [True]
    with monkeypatch.context() as patch:
        patch.setitem(RULES, "referrals:gone", (SEE, "GET"))
        assert ["referrals:gone" in wrong for wrong in unlike_what_is_written()] == [True]
    with monkeypatch.context() as patch:
        patch.delitem(RULES, "referrals:case")
        with pytest.raises(NoProvider, match="RULES of tests/security/expectations"):
            unlike_what_is_written()


def without_twin(visitor: Visitor) -> list[str]:
    """Addresses with a denied probe and no allowed one: the set-up, not the rule, might be what denies."""
    allowed = {knock.address for knock in visitor.findings.knocks if knock.relation in ("none", "here")}
    return sorted({knock.address for knock in visitor.findings.knocks} - allowed)


@EXTENTS
def test_a_foreign_id_in_a_query_a_body_or_a_header_opens_nothing(visitor: Visitor, extent: Extent) -> None:
    for address in extent.of(probed()):
        visitor.elsewhere(address)
    report("S1 elsewhere", visitor)
    assert visitor.findings.tried["elsewhere"] > extent.least(50)


@EXTENTS
def test_a_foreign_id_in_a_filled_form_opens_nothing(visitor: Visitor, extent: Extent) -> None:
    found = extent.of(probed())
    for address in found:
        visitor.fields(address)
    report("S1 fields", visitor)
    names = {address.name for address in found}
    missed = {field for field in REACHED - visitor.findings.reached if field[0] in names}
    assert not missed, f"no longer accepted as filled: {missed}"


@EXTENTS
def test_a_foreign_object_and_an_unknown_one_are_answered_alike(visitor: Visitor, extent: Extent) -> None:
    for address in extent.of(probed()):
        visitor.twins(address)
    report("S3", visitor)
    assert visitor.findings.pairs > extent.least(50)


def test_the_key_of_a_calendar_opens_one_organisation_s_dates_until_it_is_revoked(visitor: Visitor) -> None:
    here, there = visitor.worlds["here"], visitor.worlds["there"]
    with member(here.worker) as worker:
        made = renew(new_id=uuid7(), by=worker, at=now())
        assert made is not None
        address = reverse("conventions:feed", args=[token_of(made)])
    answer = visitor.anonymous.get(address)
    assert answer.status_code == 200
    text = answer.content.decode().replace("\r\n ", "")
    assert "BEGIN:VCALENDAR" in text
    assert there.title not in text
    assert not any(
        word in text for world in (here, there) for word in (world.person.surname, world.person.given_name)
    )
    assert visitor.anonymous.get(address.replace(".ics", "x.ics")).status_code == 404
    with member(here.worker) as worker:
        revoke(by=worker, at=now())
    assert visitor.anonymous.get(address).status_code == 404


def test_an_address_with_an_unknown_argument_says_where_to_add_it(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RULES, "new", (MEMBER, "GET"))

    def show(_request: Any, /, **_arguments: Any) -> HttpResponse:
        return HttpResponse()

    bare = page()(show)
    with pytest.raises(NoProvider, match="OBJECTS"):
        visitor.knock(Address("new", str(path("<uuid:thing>/", bare).pattern), bare))


def test_every_permission_is_written_in_the_oracle() -> None:
    written = {permission for persona in PERSONAS for permission in persona.permissions}
    assert written == {permission.value for permission in Permission}, (
        "Tell tests/security/worlds.py who holds it."
    )


# The probes are proved able to fail: a filter alone or a policy alone still protects, both gone is seen.

CASE_TABLES = ("cases_case", "cases_participation", "referrals_referral", "beneficiaries_beneficiary")


def knock_at_cases(worlds: Worlds, extent: Extent = ALL, only: tuple[str, ...] = ()) -> list[str]:
    """Violations at the addresses of cases or at some of them, in a transaction that is rolled back."""
    with transaction.atomic():
        visitor = Visitor(*worlds, thin=THIN)
        for address in extent.of(probed()):
            if "<uuid:case>" in address.route and (not only or address.name in only):
                visitor.knock(address)
        transaction.set_rollback(True)
    assert visitor.findings.tried["404"] > 0
    return visitor.findings.violations


@pytest.fixture
def without_policies(own_worlds: tuple[DatabaseUrls, Worlds]) -> None:
    with psycopg.connect(own_worlds[0].owner, autocommit=True) as owner:
        for table in CASE_TABLES:
            owner.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY".encode())


@pytest.fixture
def without_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    def everything(_member: Any) -> Any:
        return Participation.objects.all()

    monkeypatch.setattr("maillage.referrals.queries.participations_visible_to", everything)
    anybodys = acted_on.ACTED_ON.replace("part.organisation_id = %s", "%s::uuid IS NOT NULL")
    assert anybodys != acted_on.ACTED_ON
    monkeypatch.setattr(acted_on, "ACTED_ON", anybodys)


@EXTENTS
def test_without_policies_the_filter_still_protects(
    own_worlds: tuple[DatabaseUrls, Worlds], without_policies: None, silence: None, extent: Extent
) -> None:
    assert knock_at_cases(own_worlds[1], extent) == []


@EXTENTS
def test_without_the_filter_the_policies_still_protect(
    worlds: Worlds, without_filter: None, silence: None, extent: Extent
) -> None:
    assert knock_at_cases(worlds, extent) == []


def test_without_both_the_probes_turn_red(
    own_worlds: tuple[DatabaseUrls, Worlds], without_policies: None, without_filter: None, silence: None
) -> None:
    found = knock_at_cases(own_worlds[1], only=("referrals:case", "referrals:follow", "referrals:hand_over"))
    assert any("instead of 404" in violation for violation in found)
    assert Counter("referrals:case" in violation for violation in found)[True] > 0


def knock_at_field(worlds: Worlds, name: str, field: str) -> list[str]:
    """Violations in one field of the filled forms of one address, in a transaction that is rolled back."""
    with transaction.atomic():
        visitor = Visitor(*worlds, thin=THIN)
        for address in probed():
            if address.name == name:
                visitor.fields(address, only=field)
        transaction.set_rollback(True)
    assert visitor.findings.tried["field"] > 0
    return visitor.findings.violations


OWN_ROUTES = Conventions.sendable


def any_route(conventions: Conventions, proposals: list[Proposal]) -> list[OpenRoute]:
    """The open routes, without the filter by sender: every authorisation in the place of the member's own."""
    return [
        replace(route, authorisation=row.id)
        for route in OWN_ROUTES(conventions, proposals)[:1]
        for row in Authorisation.objects.all()
    ]


@pytest.mark.parametrize(
    ("table", "filtered", "unfiltered", "address", "field"),
    [
        (
            "cases_authorisation",
            "maillage.referrals.proposing.Conventions.sendable",
            any_route,
            "referrals:step",
            "authorisation",
        ),
        (
            "documents_document",
            "maillage.conventions.commitments.actions.document_fault",
            lambda *_arguments, **_named: None,
            "conventions:obligation",
            "document_kept",
        ),
    ],
)
def test_a_foreign_id_in_a_field_is_seen_once_nothing_stops_it(
    *,
    own_worlds: tuple[DatabaseUrls, Worlds],
    silence: None,
    monkeypatch: pytest.MonkeyPatch,
    table: str,
    filtered: str,
    unfiltered: Any,
    address: str,
    field: str,
) -> None:
    urls, worlds = own_worlds
    assert knock_at_field(worlds, address, field) == []
    with psycopg.connect(urls.owner, autocommit=True) as owner:
        owner.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY".encode())
    monkeypatch.setattr(filtered, unfiltered)
    assert any(
        f"« {field} » is answered otherwise" in violation
        for violation in knock_at_field(worlds, address, field)
    )
