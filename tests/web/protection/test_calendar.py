"""The calendar of what is about to go: counted, ruled, of one's own; nobody's name on it."""

from datetime import timedelta
from typing import Any

import pytest

from maillage.core.clock import now
from maillage.protection.destruction.planning import plan
from tests.audit.test_segments import seal_long_ago
from tests.conventions.people import worker_process
from tests.days import today
from tests.protection.destruction.test_destroying import HOSPITAL_ADMIN, ended
from tests.protection.requests.files import CCAS_ADMIN, CPAM_DPO
from tests.protection.retention.test_erasing import forgotten, of_the_ccas, rows
from tests.referrals.world import WORKER, Signed, sign_convention, write_draft
from tests.rights.world import Signed as SignedS2
from tests.rights.world import sign
from tests.web.protection.test_destructions import as_
from tests.web.test_kept import words

CALENDAR = "/protection/calendrier/"
PAGE = 9
"""The page's queries with nothing of a convention; seven more with tenures that are over."""


@pytest.fixture
def committed(fresh_database: object) -> Signed:
    return sign_convention()


@pytest.fixture
def hospital(fresh_database: object) -> SignedS2:
    return sign()


def test_what_goes_is_counted_by_month_and_nobody_is_named(committed: Signed) -> None:
    write_draft(committed)
    write_draft(committed)
    text = words(as_(CCAS_ADMIN).get(CALENDAR))
    assert "Brouillons d’orientation 2 6 mois après la dernière écriture" in text
    assert "Personne n’y est nommé" in text
    assert "Brouillons d’orientation 2" not in words(as_(CPAM_DPO).get(CALENDAR))
    for name in ("Quintessence", "Ondine"):
        assert name not in text


def test_each_class_has_its_rule_on_the_page(committed: Signed) -> None:
    text = words(as_(CPAM_DPO).get(CALENDAR))
    for said in (
        "Journal des accès un an après l’acte",
        "Registre des violations tant que la plateforme sert",
        "Comptes des personnes parties 5 ans après",
        "Code civil, article 2224",
    ):
        assert said in text
    assert "Rien n’arrive au bout de sa durée dans les douze mois" in text
    assert text.count("mention d’information") == 1  # said once, in the note that four rules share


def test_a_journal_that_nobody_prunes_is_said_there(committed: Signed) -> None:
    assert "gardé au-delà de sa durée" not in words(as_(CPAM_DPO).get(CALENDAR))
    seal_long_ago()
    text = words(as_(CPAM_DPO).get(CALENDAR))
    assert "Le journal est gardé au-delà de sa durée depuis le" in text
    assert "demandez à l’exploitant" in text
    assert "Le journal est gardé au-delà de sa durée depuis le" in words(as_(CPAM_DPO).get("/protection/"))


def test_who_does_not_watch_over_data_does_not_open_it(committed: Signed) -> None:
    assert as_(WORKER).get(CALENDAR).status_code == 403


def test_the_next_destructions_at_a_term_are_named_with_their_day(hospital: SignedS2) -> None:
    ended(hospital)
    with worker_process():
        plan(now())
    page = as_(HOSPITAL_ADMIN)
    assert f"/protection/destructions/{hospital.id}/" in page.get(CALENDAR).content.decode()


def test_the_desk_says_what_goes_this_month(committed: Signed) -> None:
    write_draft(committed)
    assert "S’efface ce mois-ci 0" in words(as_(CCAS_ADMIN).get("/protection/"))
    rows("UPDATE referrals_draft SET updated_at = now() - interval '1 year'")
    assert "S’efface ce mois-ci 1" in words(as_(CCAS_ADMIN).get("/protection/"))


def test_the_page_costs_the_same_however_much_there_is(
    committed: Signed, django_assert_num_queries: Any
) -> None:
    client = as_(CPAM_DPO)
    client.get(CALENDAR)
    for turn in range(2):
        with django_assert_num_queries(PAGE + 7 * bool(turn)):
            client.get(CALENDAR)
        for number in range(3):
            other = sign_convention()
            of_the_ccas(other.id, today() - timedelta(days=1), f"ancienne{turn}{number}@cpam.example.org")


def test_the_journal_says_how_many_of_which_class_went(committed: Signed) -> None:
    write_draft(committed)
    write_draft(committed)
    assert forgotten(timedelta(days=190))
    text = words(as_(CCAS_ADMIN).get("/journal/"))
    assert (
        "Données effacées à la fin de leur durée de conservation Conservation (2) : brouillons d’orientation"
        in text
    )
