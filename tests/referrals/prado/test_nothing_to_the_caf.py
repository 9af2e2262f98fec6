"""The CAF receives nothing about anybody (S0 art. 5): not by a flow, not by a row, not by a file, whatever is tried."""

import json
import re
from pathlib import Path
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from maillage.cases.models import Authorisation, Case
from maillage.conventions import library
from maillage.conventions.flows.rules import authorised
from maillage.conventions.terms import Terms, TermsError, terms_data, terms_from_json
from maillage.conventions.terms.flows import DataNature
from maillage.core.identifiers import uuid7
from maillage.core.row_security import acting
from maillage.referrals.models import Advice
from maillage.referrals.paper.guide import Contact, guide
from maillage.referrals.proposing import prepared
from maillage.referrals.routing.router import Route
from maillage.referrals.routing.situation import situation_of
from maillage.web.conventions.reading.adhesion import EXPORTED
from tests.conventions.kept import kept
from tests.days import today
from tests.referrals.paper.test_sheets import said
from tests.referrals.prado.world import FAMILY, enrol, local_text, sign_prado, step
from tests.referrals.world import FAR_AHEAD, SIGNED_AT, member, organisation
from tests.web.referrals.conftest import Signs, as_, plain

__all__ = ["as_", "kept"]
pytestmark = [pytest.mark.security, pytest.mark.django_db]
S0 = library.load("prado_maternite_2016")
HELP = "flows.aide_domicile"


@pytest.fixture(scope="module")
def convention(kept: Path) -> UUID:
    """S0's text, signed by the caisse and the other branch."""
    return sign_prado()


def altered(**changes: object) -> str:
    """S0's text with its flow to the CAF changed, as somebody would write it."""
    data = json.loads(json.dumps(terms_data(local_text())))
    flow = next(one for one in data["flows"] if one["key"] == "aide_domicile")
    flow.update(changes)
    return json.dumps(data)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"data": "nominative"}, "sans donnée nominative"),
        ({"data_fields": ["narrative"]}, "aucune donnée"),
        ({"data": "nominative", "data_fields": ["narrative"]}, "sans donnée nominative"),
    ],
)
def test_no_text_gives_the_caf_a_flow_of_persons_data(changes: dict[str, object], words: str) -> None:
    with pytest.raises(TermsError, match=words):
        terms_from_json(altered(**changes), "S0")
    assert isinstance(terms_from_json(altered(), "S0"), Terms)


def test_no_flow_of_s0_opens_a_case() -> None:
    assert authorised(S0) == ()
    assert not [one.key for one in S0.flows if one.data is DataNature.NOMINATIVE]


def published(nominative: bool) -> UUID:
    """A signed text with a flow of persons' data from the caisse to the other branch, written past every check, and published."""
    data = json.loads(altered(data="nominative", sender="cnamts", recipient="cnaf"))
    data["protection"][0] |= {"nominative_data": nominative, "roles": {"controllers": ["cnamts"]}}
    flow = {"key": "aide_domicile", "sender": "cnamts", "recipient": "cnaf", "service": "aide_domicile", "article": "3.1"}  # fmt: skip
    convention = sign_prado(data)
    during = DateTimeTZRange(SIGNED_AT, FAR_AHEAD)
    with (
        transaction.atomic(),
        acting(organisation=organisation("CPAM 42").id),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT publish_authorisations(%s, %s, %s)", [convention, json.dumps([flow]), during])
    return convention


def test_postgresql_opens_no_case_towards_the_caf_even_under_a_text_written_past_every_check() -> None:
    with pytest.raises(DatabaseError, match="lets no person's data flow there"):
        published(nominative=False)
    convention = published(nominative=True)  # the control: the same flow, were the text to let data flow
    with member(FAMILY):
        assert Authorisation.objects.filter(convention_id=convention).count() == 1


def test_the_guide_says_whom_to_see_in_her_commune_and_names_nobody() -> None:
    terms = local_text()
    found = prepared(terms).routing.routes(situation_of({}, on=today()))
    route: Route = next(one for one in found if one.key == HELP)
    contact = Contact("CAF de la Loire", ("1 rue de l’Exemple", "04 00 00 00 05"), ("Le livret de famille",))
    sheet = guide(terms, route, commune="Montbrison", contacts=(contact,))
    for words in (
        "Aide à domicile",
        "Qui voir : Montbrison",
        "CAF de la Loire",
        "04 00 00 00 05",
        "Le livret de famille",
        "article 3.1",
        "Rien de vous n’est transmis",
    ):
        assert words in said(sheet)
    assert sheet.code == ()
    assert "L’annuaire ne donne encore personne" in said(guide(terms, route, commune="Feurs", contacts=()))


def test_the_page_finds_the_guide_of_a_commune_and_counts_without_it(convention: UUID, as_: Signs) -> None:
    caisse, path = as_("conseil@cpam.example.org"), f"/orientations/conseil/{convention}/{HELP}/"
    page = plain(caisse.post(f"{path}guide/", {"q": "Montbrison"}))
    assert re.search(r'name="place"\s+value="42147"', page)
    assert not re.search(r'(href|action)="[^"]*(42147|Montbrison)', page)  # her commune is in no address
    answer = caisse.post(f"{path}guide/", {"q": "Montbrison", "place": "42147"})
    assert (answer.status_code, answer.content[:5], answer["Cache-Control"]) == (200, b"%PDF-", "no-store")
    assert caisse.post(f"{path}guide/", {"place": "99999"}).status_code == 404
    assert caisse.get(f"{path}guide/").status_code == 405
    assert "Aucune commune" in plain(caisse.post(f"{path}guide/", {"q": "zzzz"}))
    assert "Montbrison" not in plain(caisse.get(f"{path}?q=Montbrison"))
    caisse.post(path, {"token": str(uuid7()), "q": "42147", "nom": "Quintessence"})
    with member("conseil@cpam.example.org"):
        row = Advice.objects.get()
    kept_of_it = " ".join(str(getattr(row, field.attname)) for field in Advice._meta.concrete_fields)
    for word in ("42147", "Quintessence", "Montbrison"):
        assert word not in kept_of_it


def test_nothing_but_months_and_figures_leaves_in_the_file(convention: UUID, as_: Signs) -> None:
    new = enrol(convention)
    for verb in ("visit", "present", "answer", "choose_midwife"):
        step(verb, new)
    lines = plain(as_(FAMILY).get(f"/conventions/{convention}/prado.csv")).splitlines()
    assert lines == [";".join(EXPORTED)]
    assert all(re.fullmatch(r"\d{4}-\d{2};(\d+;\d+;\d+,\d|;;)", line) for line in lines[1:])
    with member(FAMILY):
        assert not Authorisation.objects.filter(convention_id=convention).exists()
        assert not Case.objects.exists()
        assert not Advice.objects.exists()


def test_no_one_of_the_other_branch_adds_a_count_for_the_caisse(convention: UUID) -> None:
    statement = (
        "INSERT INTO referrals_advice (id, organisation_id, convention_id, route, given_at, given_by)"
        " VALUES (gen_random_uuid(), %s, %s, %s, now(), gen_random_uuid())"
    )
    for body, route in (
        (organisation("CPAM 42").id, HELP),  # another's
        (organisation("CARSAT RA").id, "flows.quintessence_ondine"),
    ):
        with (
            pytest.raises(DatabaseError),
            member(FAMILY),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [body, convention, route])
