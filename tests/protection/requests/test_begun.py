"""What colleagues began about a person and did not send is found for her request alone, given to her, and each reading journalled."""

from datetime import date
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from maillage.audit.models import Entry
from maillage.beneficiaries.rules import Identity, searched_as
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from maillage.protection.requests import begun
from maillage.protection.requests.answering import answer
from maillage.protection.requests.begun import Begun, begun_named, look, opens_all, require_begun
from maillage.protection.requests.begun_rules import BegunKey, BegunKind, Written, keys_in, may_be, written_in
from maillage.protection.requests.drawing import held_for, letter_for
from maillage.protection.requests.receiving import attach, search
from maillage.referrals import actions
from maillage.referrals.content import Content, Step
from maillage.referrals.drafts import begin
from maillage.referrals.models import Draft
from tests.protection.requests.files import ASKER, CCAS_ADMIN, HOSPITAL_ADMIN, file_of, received
from tests.protection.requests.test_drawing import said_in
from tests.referrals.world import (
    NARRATIVE,
    PERSON,
    STRANGER,
    WORKER,
    Signed,
    member,
    sign_convention,
    write_draft,
)
from tests.rights import world as files_of_rights
from tests.rights.bulk import tables

names = st.text(st.characters(codec="utf-8", categories=["L"]), min_size=2, max_size=12)
days = st.dates(date(1920, 1, 1), date(2020, 1, 1))


@pytest.fixture
def signed(db: None) -> Signed:
    return sign_convention()


def looked(request: UUID, by: str = CCAS_ADMIN) -> list[Begun]:
    with member(by) as admin:
        file = file_of(request, admin)
        search(file=file, surname=ASKER.surname, born=ASKER.birth_date, by=admin, at=now())
        return look(file=file, surname=ASKER.surname, born=ASKER.birth_date, by=admin)


def noted(request: UUID, *keys: str, by: str = CCAS_ADMIN) -> None:
    with member(by) as admin:
        attach(file=file_of(request, admin), cases=[], begun=require_begun(admin, keys), by=admin)


@given(names, days, names, days)
def test_it_may_be_her_by_surname_and_birth_date_as_the_index_says(
    name: str, born: date, other: str, other_born: date
) -> None:
    wanted = [searched_as(surname=name, birth_date=born)]
    hers, others = Written(name.upper(), "A", born), Written(other, "A", other_born)
    if not searched_as(surname=name):
        return
    assert may_be(hers, wanted)
    same = searched_as(surname=other, birth_date=other_born) == searched_as(surname=name, birth_date=born)
    assert may_be(others, wanted) is same
    assert may_be(Written(name), wanted), "without a birth date whoever looks compares"
    assert not may_be(Written(""), wanted)


@given(st.sampled_from(list(BegunKind)), st.uuids(), st.integers(0, 10_000))
def test_a_key_reads_as_it_is_written(kind: BegunKind, ref: UUID, line: int) -> None:
    key = BegunKey(kind, ref, line)
    assert BegunKey.read(str(key)) == key
    assert keys_in([str(key), "x", "draft:y", str(ref)], kind) == [key]


def test_what_was_typed_and_refused_says_who_too() -> None:
    typed = {"surname": ["Essai"], "birth_date": ["29/02/1984"], "nir": [""]}
    assert written_in(None, typed) == [Written("Essai", "", date(1984, 2, 29))]
    assert written_in(None, {"surname": ["Essai"], "birth_date": ["29/2"]}) == [Written("Essai")]
    person = Identity("Autre", "Nom", date(1990, 1, 1))
    assert [one.surname for one in written_in(person, typed)] == ["Autre", "Essai"]
    assert written_in(None, {"phone": ["06"]}) == []


def test_a_colleagues_draft_is_found_given_and_journalled(signed: Signed) -> None:
    hers = write_draft(signed)
    write_draft(signed, person=Identity("Autre", "Nom", date(1990, 1, 1), phone="0600000001"))
    request = received()
    (found,) = looked(request)
    assert (found.key, found.written.given_name) == (BegunKey(BegunKind.DRAFT, hers), PERSON.given_name)
    noted(request, str(found.key))
    with member(CCAS_ADMIN) as admin:
        file = file_of(request, admin)
        said = str([one.sections for one in held_for(file, by=admin, at=now())])
        for words in (PERSON.surname, NARRATIVE, "personne : rien n’est envoyé"):
            assert words in said
        letter = said_in(letter_for(answer(file=file, by=admin, at=now()), by=admin, at=now()))
        assert "un dossier commencé et pas envoyé" in letter
        assert "ni dans nos brouillons" not in letter
        read = Entry.objects.filter(verb="read", object_type="referral_draft")
        assert {entry.object_ref for entry in read} == {str(hers)}
        (searched,) = Entry.objects.filter(verb="request.search_begun")
        assert (
            searched.reason
            == "2 brouillons, 0 dossiers en préparation, 0 tableaux et 0 inscriptions PRADO ouverts"
        )
        with pytest.raises(TransitionRefused):
            look(file=file, by=admin)


def test_where_nothing_is_found_the_letter_says_where_one_looked(signed: Signed) -> None:
    request = received()
    assert looked(request) == []
    with member(CCAS_ADMIN) as admin:
        letter = said_in(
            letter_for(answer(file=file_of(request, admin), by=admin, at=now()), by=admin, at=now())
        )
    assert "les brouillons, les dossiers en préparation et les tableaux" in letter
    assert "ni dans nos brouillons" not in letter


def test_only_whoever_answers_opens_them_and_only_ones_own(signed: Signed) -> None:
    hers, request = write_draft(signed), received()
    with member(WORKER) as worker, pytest.raises(PermissionDenied):
        look(file=file_of(request, worker), surname="Quintessence", born=PERSON.birth_date, by=worker)
    key = str(BegunKey(BegunKind.DRAFT, hers))
    with member(STRANGER) as other:
        assert begun_named(other, [key]) == []
    with member(CCAS_ADMIN) as admin:
        assert [one.key for one in begun_named(admin, [key])] == [BegunKey(BegunKind.DRAFT, hers)]
        with pytest.raises(Refused) as refused:
            require_begun(admin, [key, "draft:x"])
        assert [fault.field for fault in refused.value.faults] == ["cases"]


def test_what_one_search_does_not_open_is_said(signed: Signed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("maillage.referrals.begun.MOST", 1)
    monkeypatch.setattr(begun, "_MOST", {Draft: 1})
    for opens in (True, False):
        write_draft(signed)
        with member(CCAS_ADMIN) as admin:
            assert opens_all(admin) is opens
    assert len(looked(received())) == 1


def test_a_draft_sent_since_is_given_as_the_case_that_it_became(signed: Signed) -> None:
    draft, request = write_draft(signed), received()
    noted(request, *(str(one.key) for one in looked(request)))
    with member(WORKER) as worker:
        assert actions.send(draft=draft, by=worker, at=now()) == draft
    with member(CCAS_ADMIN) as admin:
        (held,) = held_for(file_of(request, admin), by=admin, at=now())
        assert held.reference
        assert PERSON.surname in str(held.sections)


def test_one_whose_identity_was_typed_and_refused_is_found_too(signed: Signed) -> None:
    typed = {"surname": [PERSON.surname], "birth_date": [f"{PERSON.birth_date:%d/%m/%Y}"], "phone": ["12"]}
    with member(WORKER) as worker:
        begin(token=uuid7(), content=Content().keeping(Step.PERSON, typed), by=worker, at=now())
    request = received()
    (found,) = looked(request)
    noted(request, str(found.key))
    with member(CCAS_ADMIN) as admin:
        assert "Pour la personne" in str(held_for(file_of(request, admin), by=admin, at=now()))


def test_a_file_in_preparation_is_found_with_its_pieces(db: None) -> None:
    convention = files_of_rights.sign()
    prepared = files_of_rights.prepare(convention, person=PERSON)
    request = received(by=files_of_rights.PASS)
    (found,) = looked(request, HOSPITAL_ADMIN)
    assert found.key == BegunKey(BegunKind.PREPARATION, prepared)
    noted(request, str(found.key), by=HOSPITAL_ADMIN)
    with member(HOSPITAL_ADMIN) as admin:
        said = str(held_for(file_of(request, admin), by=admin, at=now()))
    for words in ("Hospitalisée depuis lundi.", ".pdf", "Droit demandé"):
        assert words in said


@pytest.mark.parametrize("step", ["tried", "imported"])
def test_a_line_of_a_table_is_found_while_it_began_no_file(fresh_database: object, step: str) -> None:
    convention = files_of_rights.sign()
    line = ["Quintessence", "Ondine", "29/02/1984", "C2S", "pas un jour", "06 00 00 00 01", "vue lundi"]
    table = getattr(tables, step)(convention, tables.csv([*tables.lines(3), line]))
    request = received(by=files_of_rights.PASS)
    found = looked(request, HOSPITAL_ADMIN)
    assert [str(one.key) for one in found] == [f"line:{table}:5"]
    noted(request, str(found[0].key), by=HOSPITAL_ADMIN)
    with member(HOSPITAL_ADMIN) as admin:
        said = str(held_for(file_of(request, admin), by=admin, at=now()))
        for words in ("Quintessence", "vue lundi", "dossiers.csv"):
            assert words in said
        assert "Palissandre" not in said
        assert Entry.objects.filter(verb="table.open", object_ref=str(table)).exists()
