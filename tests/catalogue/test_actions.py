"""A support from its description to its withdrawal: who may, what is refused and where, what each day gives."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied

from maillage.audit.models import Entry
from maillage.catalogue import actions, queries
from maillage.catalogue.actions import Drafted
from maillage.catalogue.models import Support, SupportVersion
from maillage.catalogue.rules import Span, Standing
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from tests.catalogue.world import (
    KEEPER,
    LEAFLET,
    LINK,
    PARTNER,
    STRANGER,
    WORKER,
    add,
    draft,
    member,
    publish,
    published,
    states,
    withdraw,
)
from tests.days import today

pytestmark = pytest.mark.django_db
TOMORROW = timedelta(days=1)


def current(support: UUID, *, by: str = WORKER) -> str:
    """The label of what everybody is given, as somebody reads it; empty for nothing."""
    with member(by) as someone:
        found = queries.known(someone, support).current
        return found.label if found else ""


def test_a_draft_is_its_owner_s_alone_until_it_is_published() -> None:
    support = add()
    version = draft(support)
    for someone in (WORKER, STRANGER, PARTNER):
        with member(someone) as reader:
            with pytest.raises(Support.DoesNotExist):
                queries.known(reader, support)
            with pytest.raises(SupportVersion.DoesNotExist):
                queries.version_of(reader, version)
            assert not Support.objects.exists()
            assert not SupportVersion.objects.exists()
    publish(version)
    for someone in (WORKER, STRANGER, PARTNER):
        assert current(support, by=someone) == "1"
    second = draft(support, "2")  # still the owner's
    with member(WORKER) as reader:
        assert [one.label for one in queries.known(reader, support).versions] == ["1"]
        assert not SupportVersion.objects.filter(id=second).exists()


def test_a_new_version_takes_its_place_and_the_former_one_ends_the_day_before() -> None:
    support, first = published("1")
    second, third = draft(support, "2"), draft(support, "3")
    ahead = today() + timedelta(days=10)
    publish(second, ahead)
    assert current(support) == "1"
    with member(KEEPER) as keeper:
        assert queries.version_of(keeper, first).valid_until == ahead - TOMORROW
        shown = queries.known(keeper, support)
        assert [shown.standing(one) for one in shown.versions] == [
            Standing.DRAFT,
            Standing.UPCOMING,
            Standing.CURRENT,
        ]
    publish(third)  # until further notice, from today: nothing else has a day left
    assert current(support) == "3"
    assert states(support) == {"1": "replaced", "2": "replaced", "3": "published"}


def test_what_is_withdrawn_is_nobody_s_any_more_and_says_what_to_use() -> None:
    support, version = published()
    other, _ = published("A", described=replace(LEAFLET, title="Demander l’AME"))
    withdraw(version, instead=other)
    assert current(support) == ""
    with member(WORKER) as reader:
        found = queries.known(reader, support).latest
        assert found is not None
        assert (found.reason, found.replaced_by_id) == ("Le plafond a changé", other)
    with pytest.raises(TransitionRefused):
        withdraw(version)


def test_a_withdrawn_version_may_be_followed_by_another() -> None:
    support, version = published()
    withdraw(version)
    publish(draft(support, "2"))
    assert current(support) == "2"


def test_another_last_day_is_said_or_none() -> None:
    support, version = published(last=today())

    def prolong(until: object) -> None:
        with member(KEEPER) as keeper:
            row = queries.version_of(keeper, version)
            actions.prolong(version=row, until=until, by=keeper, at=now())  # type: ignore[arg-type]

    prolong(today() + timedelta(days=60))
    prolong(None)
    with pytest.raises(Refused, match="ne peut pas précéder") as refused:
        prolong(today() - TOMORROW)
    assert refused.value.field == "valid_until"
    publish(draft(support, "2"), today() + timedelta(days=5))
    with pytest.raises(Refused, match="Une autre version"):
        prolong(today() + timedelta(days=5))


def test_a_form_sent_twice_makes_one_row() -> None:
    support, version = uuid7(), uuid7()
    with member(KEEPER) as keeper:
        for _ in range(2):
            actions.create(new_id=support, described=LEAFLET, by=keeper, at=now())
            row = Support.objects.get(id=support)
            actions.prepare(new_id=version, support=row, drafted=Drafted("1", link=LINK), by=keeper, at=now())
        assert Support.objects.count() == SupportVersion.objects.count() == 1
        draft_row = queries.version_of(keeper, version)
        again = queries.version_of(keeper, version)
        actions.publish(version=draft_row, span=Span(today()), by=keeper, at=now())
        with pytest.raises(TransitionRefused):
            actions.publish(version=again, span=Span(today()), by=keeper, at=now())


@pytest.mark.parametrize(
    ("drafted", "field"),
    [
        (Drafted("", link=LINK), "label"),
        (Drafted("x" * 61, link=LINK), "label"),
        (Drafted("1", link=LINK), "label"),
        (Drafted("2", "x" * 401, LINK), "changes"),
        (Drafted("2"), "file"),
        (Drafted("2", link="http://www.example.org/"), "link"),
        (Drafted("2", link=LINK, document=uuid4()), "link"),
        (Drafted("2", document=uuid4()), "file"),
    ],
)
def test_a_version_that_is_wrong_is_refused_at_its_field(drafted: Drafted, field: str) -> None:
    support = add()
    draft(support, "1")
    with member(KEEPER) as keeper:
        row = Support.objects.get(id=support)
        with pytest.raises(Refused) as refused:
            actions.prepare(new_id=uuid7(), support=row, drafted=drafted, by=keeper, at=now())
    assert [fault.field for fault in refused.value.faults] == [field]


def test_a_name_given_up_serves_again() -> None:
    support = add()
    version = draft(support, "1")
    with member(KEEPER) as keeper:
        actions.discard(version=queries.version_of(keeper, version), by=keeper, at=now())
        with pytest.raises(SupportVersion.DoesNotExist):
            queries.version_of(keeper, version)
    draft(support, "1")
    assert list(states(support)) == ["1"]


@pytest.mark.parametrize("who", [PARTNER, WORKER])
def test_only_those_who_keep_it_change_a_support(who: str) -> None:
    support, version = published()
    with member(KEEPER) as keeper:
        row, told = Support.objects.get(id=support), queries.version_of(keeper, version)
    with member(who) as someone:
        for act in (
            lambda: actions.amend(support=row, described=LEAFLET, by=someone),
            lambda: actions.prepare(
                new_id=uuid7(), support=row, drafted=Drafted("2", link=LINK), by=someone, at=now()
            ),
            lambda: actions.publish(version=told, span=Span(today()), by=someone, at=now()),
            lambda: actions.prolong(version=told, until=None, by=someone, at=now()),
            lambda: actions.withdraw(version=told, reason="Essai", instead=None, by=someone, at=now()),
            lambda: actions.discard(version=told, by=someone, at=now()),
        ):
            with pytest.raises(PermissionDenied):
                act()
    with member(WORKER) as worker, pytest.raises(PermissionDenied):
        actions.create(new_id=uuid7(), described=LEAFLET, by=worker, at=now())


def test_a_partner_has_supports_of_its_own() -> None:
    support, _ = published(by=PARTNER)
    assert current(support, by=KEEPER) == "1"


def test_why_and_what_instead_are_asked_at_their_fields() -> None:
    support, version = published()
    unpublished = add()
    for reason, instead, field in (
        ("", None, "reason"),
        ("x", support, "instead"),
        ("x", unpublished, "instead"),
    ):
        with pytest.raises(Refused) as refused:
            withdraw(version, reason, instead)
        assert refused.value.field == field


def test_each_act_is_one_entry_of_the_journal_that_holds_no_word_of_it() -> None:
    support, version = published()
    withdraw(version)
    with member(KEEPER):
        verbs = list(
            Entry.objects.filter(object_type="support", object_ref=str(support))
            .order_by("id")
            .values_list("verb", flat=True)
        )
        assert verbs == ["support.create", "support.prepare", "support.publish", "support.withdraw"]
        told = " ".join(f"{one.fields} {one.reason}" for one in Entry.objects.all())
        assert LEAFLET.title not in told
        assert "plafond" not in told
