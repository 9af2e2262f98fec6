"""Avenants through their pages: a value changed, a clause added or taken out, refused out of reach, signed by all."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from django.test import Client

from maillage.conventions.amendments.models import Amendment
from maillage.conventions.lifecycle.queries import load
from maillage.conventions.terms.editing import value_at
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from tests.conventions.people import CARSAT, CCAS, CPAM, S3, STRANGER, WORKER, member, proposed, seen, signed
from tests.days import PARIS
from tests.web.conventions.writing.conftest import Signs, hidden, plain

pytestmark = pytest.mark.django_db
TODAY = now().astimezone(PARIS)
WHAT = "commitments[sessions_information].what"


def french(days: int = 0) -> str:
    return (TODAY + timedelta(days=days)).strftime("%d/%m/%Y")


@pytest.fixture(scope="module")
def s3(kept: Path) -> UUID:
    return signed(S3, TODAY - timedelta(days=40), TODAY - timedelta(days=30))


def base(convention: UUID) -> str:
    return f"/conventions/{convention}/avenants/"


def address(convention: UUID, path: str, operation: str = "replace", avenant: str = "") -> str:
    more = f"&avenant={avenant}" if avenant else ""
    return f"{base(convention)}changement/?chemin={quote(path)}&operation={operation}{more}"


def sends(person: Client, where: str, **values: Any) -> Any:
    given = {"token": str(uuid7()), "title": "Sessions d’information", "effect_on": french()}
    return person.post(where, {**given, **values}, follow=True)


def rows(convention: UUID) -> list[Amendment]:
    with member(CPAM, TODAY):
        return list(Amendment.objects.filter(convention=convention).order_by("number"))


def at(convention: UUID, path: str) -> Any:
    with member(CPAM, TODAY) as reader:
        return value_at(load(seen(reader, convention)).terms(TODAY.date()), path)


def signs(person: Client, where: str) -> Any:
    page = person.get(where)
    values = {
        "token": hidden(page, "token"),
        "seen_hash": hidden(page, "seen_hash"),
        "signed_on": french(),
        "function": "Directrice",
    }
    return person.post(where, values, follow=True)


def test_a_value_is_changed_proposed_signed_by_all_and_read_in_the_text(as_: Signs, s3: UUID) -> None:
    caisse = as_(CPAM)
    page = plain(caisse.get(f"{base(s3)}clause/?chemin={quote('commitments[sessions_information]')}"))
    assert "Changer" in page
    assert 'name="value"' in plain(caisse.get(address(s3, WHAT)))
    answer = plain(sends(caisse, address(s3, WHAT), value="Organiser deux sessions par an"))
    assert "Organiser deux sessions par an" in answer
    assert "Avant" in answer
    row = rows(s3)[0]
    where = f"{base(s3)}{row.pk}/"
    assert "Avenant proposé" in plain(caisse.post(f"{where}proposition/", follow=True))
    assert "C’était déjà fait" in plain(caisse.post(f"{where}proposition/", follow=True))
    signs(caisse, f"{where}signature/cpam/")
    signs(as_(CARSAT), f"{where}signature/carsat/")
    last = plain(signs(as_(CCAS), f"{where}signature/ccas/"))
    assert "Toutes les parties ont signé l’avenant" in last
    assert at(s3, WHAT) == "Organiser deux sessions par an"


def test_what_the_text_puts_out_of_reach_is_refused_with_its_article(as_: Signs, s3: UUID) -> None:
    caisse = as_(CPAM)
    listed = plain(caisse.get(f"{base(s3)}clauses/"))
    assert "hors de portée d’un avenant, article 9.3" in listed
    with member(CPAM, TODAY) as reader:
        key = load(seen(reader, s3)).base.objectives[0].key
    shown = plain(caisse.get(f"/conventions/{s3}/avenants/clause/?chemin=objectives[{key}]"))
    assert "Aucun avenant ne peut toucher cette clause : le texte la protège (article 9.3)" in shown
    assert "La retirer" not in shown
    answer = plain(sends(caisse, address(s3, f"objectives[{key}].text"), value="Autre objectif"))
    assert "(article 9.3)" in answer
    assert "Autre objectif" in answer
    assert not rows(s3)


def test_a_fragment_that_does_not_hold_says_what_was_expected_and_is_kept_as_typed(
    as_: Signs, s3: UUID
) -> None:
    caisse, where = as_(CPAM), address(s3, "commitments", "add")
    unreadable = plain(sends(caisse, where, value="key: [oups"))
    assert "Ce fragment ne se lit pas" in unreadable
    assert "key: [oups" in unreadable
    wrong = plain(sends(caisse, where, value="key: nouveau\narticle: '3'\nwhat: Former\n"))
    assert "Attendu" in wrong
    assert not rows(s3)
    good = "key: nouveau\narticle: '3'\nwhat: Former les bénévoles\ndebtors: [cpam]\nkind: training\n"
    assert "Former les bénévoles" in plain(sends(caisse, where, value=good))


def test_a_second_change_joins_the_first_and_may_be_withdrawn(as_: Signs, s3: UUID) -> None:
    caisse = as_(CPAM)
    sends(caisse, address(s3, WHAT), value="Une fois")
    row = rows(s3)[0]
    sends(caisse, address(s3, WHAT, avenant=str(row.pk)), value="Deux fois")
    assert len(rows(s3)[0].changes) == 1
    sends(caisse, address(s3, "place", avenant=str(row.pk)), value="Montbrison")
    assert len(rows(s3)[0].changes) == 2
    caisse.post(f"{base(s3)}{row.pk}/retrait/0/")
    assert [one["path"] for one in rows(s3)[0].changes] == ["place"]
    assert "modifications" in plain(caisse.post(f"{base(s3)}{row.pk}/retrait/0/", follow=True))


def test_an_avenant_changed_after_a_signature_voids_it_and_says_whose(as_: Signs, s3: UUID) -> None:
    caisse = as_(CPAM)
    sends(caisse, address(s3, WHAT), value="Une fois")
    row = rows(s3)[0]
    where = f"{base(s3)}{row.pk}/"
    caisse.post(f"{where}proposition/")
    signs(as_(CARSAT), f"{where}signature/carsat/")
    answer = plain(caisse.post(where, {"title": "Autre objet", "effect_on": french(3)}, follow=True))
    assert "la signature de CARSAT RA est annulée" in answer


def test_its_object_and_its_effect_are_refused_at_their_field(as_: Signs, s3: UUID) -> None:
    caisse, where = as_(CPAM), address(s3, WHAT)
    assert "Dites ce que l’avenant change" in plain(sends(caisse, where, title=" ", value="Une fois"))
    early = plain(sends(caisse, where, effect_on=french(-300), value="Une fois"))
    assert "L’avenant ne peut pas prendre effet avant la signature" in early
    assert "Une fois" in early
    assert "Écrivez la nouvelle valeur" in plain(sends(caisse, where, value=""))
    assert not rows(s3)


def test_a_double_click_makes_one_avenant_and_it_may_be_abandoned(as_: Signs, s3: UUID) -> None:
    caisse, token = as_(CPAM), str(uuid7())
    for _ in range(2):
        sends(caisse, address(s3, WHAT), token=token, value="Une fois")
    assert len(rows(s3)) == 1
    where = f"{base(s3)}{rows(s3)[0].pk}/abandon/"
    assert "Avenant abandonné" in plain(caisse.post(where, follow=True))
    assert "déjà abandonné" in plain(caisse.post(where, follow=True))


def test_the_ladder_of_avenants(as_: Signs, s3: UUID) -> None:
    sends(as_(CPAM), address(s3, WHAT), value="Une fois")
    row = rows(s3)[0]
    places = [base(s3), f"{base(s3)}clauses/", address(s3, WHAT), f"{base(s3)}{row.pk}/"]
    for where in places:
        assert Client().get(where).status_code == 302
        assert as_(STRANGER).get(where).status_code == 404
        assert as_(WORKER).get(where).status_code == 403
        assert as_(CARSAT).get(where).status_code == 200
    assert as_(CPAM).get(f"{base(s3)}{uuid7()}/").status_code == 404
    assert as_(CPAM).get(f"{base(s3)}clause/?chemin=nulle.part").status_code == 404
    new = proposed(S3, TODAY - timedelta(days=3))
    assert as_(CPAM).get(base(new)).status_code == 403
    assert not re.search("Traceback", plain(as_(CPAM).get(base(s3))))
