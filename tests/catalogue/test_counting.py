"""What stands behind a printed address at an instant, and what is kept of its openings: numbers, and nobody."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction

from maillage.audit.models import Entry
from maillage.catalogue.counting import count_opening, instead_of, served, tallies
from maillage.catalogue.models import SupportCount
from maillage.catalogue.rules import CODE_ALPHABET, is_code
from maillage.core.row_security import acting
from tests.catalogue.world import (
    KEEPER,
    LEAFLET,
    LINK,
    PARTNER,
    WORKER,
    add,
    code_of,
    draft,
    ended,
    member,
    publish,
    published,
    published_file,
    withdraw,
)
from tests.days import today
from tests.documents.builders import pdf

pytestmark = [pytest.mark.django_db, pytest.mark.security]


def test_an_address_gives_what_is_current_to_whoever_asks() -> None:
    support, _ = published_file()
    code = code_of(support)
    assert is_code(code)
    with transaction.atomic(), acting(organisation=None):
        found = served(code)
        assert found is not None
        assert b"".join(found.content()) == pdf()
        assert (found.described().name, found.link) == ("Demander la C2S.pdf", "")  # not « depose.pdf »
    publish(draft(support, "2"))
    with transaction.atomic(), acting(organisation=None):
        found = served(code)
        assert found is not None
        assert (found.link, found.document) == (LINK, None)


def test_nothing_else_is_served_and_each_says_why() -> None:
    never = add()
    draft(never)
    gone, version = published()
    over = add()
    ended(draft(over))
    ahead = add()
    publish(draft(ahead), today() + timedelta(days=3))
    withdraw(version)
    codes = [code_of(one) for one in (never, gone, over, ahead)]
    with transaction.atomic(), acting(organisation=None):
        assert [served(code) for code in codes] == [None] * 4
        told = [instead_of(code) for code in codes]
    assert told[0] is None  # as an address that never was
    withdrawn, finished, coming = told[1:]
    assert withdrawn is not None
    assert (withdrawn.withdrawn, withdrawn.other_code) == (True, "")
    assert finished is not None
    assert (finished.withdrawn, finished.ended_on) == (False, today() - timedelta(days=1))
    assert coming is not None
    assert coming.starts_on == today() + timedelta(days=3)


def test_an_address_says_what_to_use_while_that_is_served_itself() -> None:
    support, version = published()
    other, current = published("A", described=replace(LEAFLET, title="Demander l’AME"))
    withdraw(version, instead=other)
    for expected in (("Demander l’AME", code_of(other)), ("", "")):
        found = instead_of(code_of(support))
        assert found is not None
        assert (found.other_title, found.other_code) == expected
        if expected[0]:
            withdraw(current)


@pytest.mark.parametrize(
    "code", ["", "a", "2345678abc", "A" * 10, "' OR 1=1 --", "é" * 10, "2" * 1000, "\x00" * 10]
)
def test_an_address_that_never_was_gives_nothing(code: str) -> None:
    published()
    assert served(code) is None
    assert instead_of(code) is None


def test_openings_are_counted_by_version_day_organisation_and_way_and_by_nobody() -> None:
    support, _ = published()
    code = code_of(support)
    for who, way, times in ((WORKER, "page", 2), (PARTNER, "page", 1), (KEEPER, "code", 1)):
        for _ in range(times):
            with member(who):
                count_opening(code, way=way)
    for _ in range(3):
        with transaction.atomic(), acting(organisation=None):
            count_opening(code, way="code")
    with member(KEEPER):
        assert [(one.organisation, one.by_page, one.by_code, one.total) for one in tallies(support)] == [
            ("", 0, 3, 3),
            ("CCAS de Montbrison", 3, 0, 3),
            ("CPAM de la Loire", 0, 1, 1),
        ]
        assert tallies(support, since=today() + timedelta(days=1)) == []
        assert SupportCount.objects.count() == 3
    with member(WORKER):  # whose organisation opened it, and which reads no count
        assert tallies(support) == []
        assert not SupportCount.objects.exists()


def test_no_user_nor_address_is_kept_of_an_opening_anywhere() -> None:
    columns = {field.column for field in SupportCount._meta.concrete_fields}
    assert columns == {"id", "version_id", "day", "organisation_id", "way", "openings"}
    support, _ = published_file()
    code = code_of(support)
    with member(WORKER) as worker:
        before = Entry.objects.count()
        found = served(code)
        assert found is not None
        assert b"".join(found.content())
        count_opening(code, way="page")
        assert Entry.objects.count() == before  # neither the file nor the count is journalled
    with member(KEEPER), connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(c::text, ' ') FROM catalogue_supportcount c")
        kept = cursor.fetchone()[0]
    assert str(worker.organisation) in kept  # the control
    assert str(worker.user) not in kept


def test_what_is_not_served_is_not_counted() -> None:
    support, version = published()
    withdraw(version)
    code = code_of(support)
    with member(WORKER):
        count_opening(code, way="page")
    with member(KEEPER):
        assert tallies(support) == []


def test_codes_are_drawn_among_signs_that_nobody_mistakes() -> None:
    codes = {code_of(add()) for _ in range(3)}
    assert len(codes) == 3
    assert not set("01ilo") & set(CODE_ALPHABET)
