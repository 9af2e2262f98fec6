"""A second application while one is running: the caisse is told of its own, nobody of another's."""

from dataclasses import replace

import pytest
from pytest_django import DjangoAssertNumQueries

from maillage.audit.models import Entry
from maillage.referrals.references import reference
from tests.beneficiaries.jobs import index_as_worker
from tests.referrals.world import member
from tests.rights.world import ADVISER, CANARIES, PASS, PERSON, Signed, act, receive, send
from tests.web.preparing.conftest import plain, signed_in

SAID = "déjà en cours pour cette personne"


def page(address: str, case: object) -> str:
    client = signed_in(address)
    client.post(f"/droits/{case}/suivi/")
    return plain(client.get(f"/droits/{case}/"))


@pytest.mark.security
def test_the_caisse_is_told_and_the_partner_learns_nothing(
    committed: Signed, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = send(committed)
    second = send(committed)  # the partner's own index has not read the first yet
    other_right = send(committed, "c2s")
    other_person = send(committed, person=replace(PERSON, surname="Tamarin"))
    index_as_worker()
    found = page(ADVISER, second)
    assert SAID in found
    assert reference(first) in found
    assert "Personne ne la suit." in found
    for unlike in (other_right, other_person):
        assert reference(unlike) not in found
        assert SAID not in page(ADVISER, unlike)
    assert SAID not in page(PASS, second)
    with member(ADVISER):
        entry = Entry.objects.filter(verb="search", object_type="application").first()
        assert entry is not None
        assert not any(canary in f"{entry.fields} {entry.reason} {entry.object_ref}" for canary in CANARIES)
    client = signed_in(ADVISER)
    receive(second)
    client.get(f"/droits/{second}/")
    act("withdraw", first, PASS, reason="covered")
    with django_assert_num_queries(12 + 2):  # and both ends of the transaction of the request
        assert SAID not in plain(client.get(f"/droits/{second}/"))
