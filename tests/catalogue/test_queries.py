"""The library: what is found, what is obsolete, what ends soon, what was published on which days; each at a known cost."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from uuid import UUID

import pytest
from pytest_django import DjangoAssertNumQueries

from maillage.catalogue import queries
from maillage.catalogue.models import Support
from maillage.catalogue.queries import Search
from tests.catalogue.world import (
    KEEPER,
    LEAFLET,
    PARTNER,
    WORKER,
    add,
    draft,
    ended,
    member,
    publish,
    published,
    withdraw,
)
from tests.days import PARIS, today
from tests.referrals.world import organisation

pytestmark = pytest.mark.django_db
POSTER = replace(
    LEAFLET, kind="poster", title="L’été, prévenir la canicule", purpose="À afficher dans l’entrée.",
    audience=("professionals", "publics"), languages=("fr_easy",), services=("eps",),
)  # fmt: skip


def published_then_withdrawn(version: UUID) -> None:
    publish(version)
    withdraw(version)


def titles(wanted: Search, *, by: str = WORKER) -> list[str]:
    with member(by) as someone:
        return [one.support.title for one in queries.search(someone, wanted, 1).rows]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Search(), ["Demander la C2S", "L’été, prévenir la canicule"]),
        (Search(text="ETE canicule"), ["L’été, prévenir la canicule"]),
        (Search(text="entree"), ["L’été, prévenir la canicule"]),
        (Search(text="complementaire"), ["Demander la C2S"]),
        (Search(text="depliant"), ["Demander la C2S"]),
        (Search(text="…"), []),
        (Search(text="neige"), []),
        (Search(kind="poster"), ["L’été, prévenir la canicule"]),
        (Search(audience="professionals"), ["L’été, prévenir la canicule"]),
        (Search(language="ar"), ["Demander la C2S"]),
        (Search(service="eps"), ["L’été, prévenir la canicule"]),
        (Search(own=True), []),
    ],
)
def test_the_library_is_searched_by_words_kind_audience_language_and_service(
    wanted: Search, found: list[str]
) -> None:
    published()
    published(described=POSTER)
    assert titles(wanted) == found


def test_what_is_obsolete_withdrawn_or_to_come_is_shown_when_it_is_asked_for() -> None:
    for title, act in (
        ("Obsolète", ended),
        ("Retiré", published_then_withdrawn),
        ("À venir", lambda version: publish(version, today() + timedelta(days=2))),
        ("Brouillon", lambda _version: None),
    ):
        act(draft(add(replace(LEAFLET, title=title))))
    assert titles(Search()) == titles(Search(), by=KEEPER) == []
    assert titles(Search(everything=True)) == ["À venir", "Obsolète", "Retiré"]
    assert titles(Search(everything=True), by=KEEPER) == ["À venir", "Brouillon", "Obsolète", "Retiré"]


def test_the_list_costs_two_queries_however_long(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(2):
        published()
        with member(WORKER) as worker, django_assert_num_queries(2):
            queries.search(worker, Search(text="c2s", language="ar"), 1)


def test_a_validity_that_ends_is_told_until_something_follows() -> None:
    def told() -> list[str]:
        with member(KEEPER) as keeper:
            return [one.label for one in queries.ending(keeper, on=today())]

    support, _ = published("bientôt", last=today() + timedelta(days=30))
    published("plus tard", last=today() + timedelta(days=31))
    published("sans fin")
    published("d’un autre", last=today(), by=PARTNER)
    old = add()
    ended(draft(old, "finie"))
    assert told() == ["finie", "bientôt"]
    publish(draft(support, "suite"), today() + timedelta(days=31))
    publish(draft(old, "nouvelle"))
    assert told() == []


def test_what_was_published_on_some_days_is_told_whatever_became_of_it() -> None:
    owner = organisation("CPAM 42").id
    support = add()
    past = draft(support, "mars")
    day = today() - timedelta(days=40)
    publish(past, day, at=datetime.combine(day, time(12), PARIS))  # the clocks may have changed since
    publish(draft(support, "avril"))
    published("partenaire", by=PARTNER)
    with member(WORKER):  # whoever follows a commitment, on either side
        everything = queries.published_between(owner, today() - timedelta(days=40), today())
        assert [(one.label, one.kind, one.on) for one in everything] == [
            ("mars", "leaflet", today() - timedelta(days=40)),
            ("avril", "leaflet", today()),
        ]
        assert (
            queries.published_between(owner, today() - timedelta(days=39), today() - timedelta(days=1)) == []
        )


def test_the_plan_of_the_first_page_reads_an_index() -> None:
    from django.db import connection

    published()
    with member(WORKER) as worker, connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        rows = queries.visible_to(worker).order_by("sort_title", "id")[:51]
        plan = rows.explain()
    assert "support_listed" in plan, plan
    assert Support._meta.indexes[0].name == "support_listed"
