"""The pages on which an organisation says how long it keeps closed cases; the calendar, the desk, the record and the case that say so."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from maillage.core.clock import now
from maillage.core.row_security import acting
from maillage.protection.records.queries import record_of
from maillage.protection.retention.keeping import durations_of
from maillage.web.presentation.dates import long_date
from tests.days import today
from tests.protection.retention.cases import CPAM_DPO, REASON, close, closed, ended, fixed
from tests.referrals.world import ADVISER, member, organisation
from tests.rights.world import CAISSE, PASS, Signed, receive, send, sign
from tests.web.protection.test_destructions import as_
from tests.web.test_kept import words

PAGE, NEW, CALENDAR = "/protection/durees/", "/protection/durees/nouvelle/", "/protection/calendrier/"

TO_FIX = "Fixer combien de temps votre organisme garde les dossiers clos"


@pytest.fixture
def signed(fresh_database: object) -> Signed:
    return sign()


def test_the_officer_is_asked_to_fix_one_and_fixes_it(signed: Signed) -> None:
    closed(signed)
    dpo = as_(CPAM_DPO)
    assert TO_FIX in words(dpo.get("/protection/"))
    text = words(dpo.get(PAGE))
    assert "Votre organisme n’en a fixé aucune" in text
    assert "tant qu’il n’en fixe pas, rien ne s’efface" in text
    answer = dpo.post(NEW, {"scope": "all", "months": "24", "reason": REASON})
    assert answer["Location"] == PAGE
    text = words(dpo.get(PAGE))
    last = " ".join(long_date(today() + timedelta(days=30)).split())
    assert f"Tous les dossiers 2 ans {REASON}" in text
    assert f"En vigueur ; rien ne s’efface avant le {last}" in text
    assert f"2 ans après la clôture du dossier (durée fixée par votre organisme : {REASON})" in text
    assert TO_FIX not in words(dpo.get("/protection/"))


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(signed: Signed) -> None:
    dpo = as_(CPAM_DPO)
    text = words(dpo.post(NEW, {"scope": "kind:referral", "months": "2,5", "reason": ""}))
    assert "Écrivez un nombre de mois, de 1 à 1200." in text
    assert "Écrivez quelques mots." in text
    kept = dpo.post(NEW, {"scope": "kind:referral", "months": "0", "reason": "Fiche 3"}).content.decode()
    assert "Fiche 3" in kept
    assert '<option value="kind:referral" selected>' in kept
    text = words(
        dpo.post(NEW, {"scope": "all", "months": "24", "reason": "Dossier du 2 91 03 42 147 000 69"})
    )
    assert "Tous les dossiers" in text
    with member(CPAM_DPO) as by:
        assert durations_of(by.organisation) == {}
    strange = dpo.post(NEW, {"scope": f"convention:{organisation(CAISSE).id}", "months": "24", "reason": "x"})
    assert "Choisissez une réponse de la liste." in words(strange)


def test_a_duration_is_withdrawn_with_a_reason_and_its_line_stays(signed: Signed) -> None:
    row = fixed(24, convention=signed.id)
    dpo, url = as_(CPAM_DPO), f"/protection/durees/{row.pk}/retrait/"
    assert "2 ans après la clôture" in words(dpo.get(url))
    assert "Écrivez quelques mots." in words(dpo.post(url, {"reason": " "}))
    assert dpo.post(url, {"reason": "Révision du référentiel."})["Location"] == PAGE
    text = words(dpo.get(PAGE))
    assert "Aucune Révision du référentiel." in text
    assert "Remplacée" in text
    assert dpo.get(url).status_code == 404
    assert as_("admin@hopital.example.org").get(url).status_code == 404


def test_who_does_not_watch_over_data_does_not_open_it(signed: Signed) -> None:
    assert [as_(ADVISER).get(url).status_code for url in (PAGE, NEW)] == [403, 403]


def test_the_calendar_and_the_desk_announce_what_is_about_to_go_and_say_it_went(signed: Signed) -> None:
    case, other = closed(signed), closed(signed)
    fixed(24)
    dpo = as_(CPAM_DPO)
    said = f"Dossiers des personnes accompagnées 2 2 ans après la clôture du dossier (durée fixée par votre organisme : {REASON})"
    assert said in words(dpo.get(CALENDAR))
    text = words(dpo.get("/protection/"))
    assert "2 dossiers clos arrivent au bout de leur durée" in text
    assert "dans 30 jours" in text
    assert "Dossiers des personnes accompagnées 2" not in words(
        as_("admin@hopital.example.org").get(CALENDAR)
    )
    assert ended() == 2
    assert "arrivent au bout" not in words(dpo.get("/protection/"))
    assert "2 2 ans après la clôture du dossier" in words(dpo.get(PAGE))
    assert as_(ADVISER).get(reverse("rights:application", args=[case])).status_code == 404
    assert as_(PASS).get(reverse("rights:application", args=[other])).status_code == 200
    assert (
        "Données effacées à la fin de leur durée de conservation Conservation (2) : dossiers des personnes accompagnées"
        in words(dpo.get("/journal/"))
    )


def test_a_case_says_until_when_its_own_reader_keeps_it(signed: Signed) -> None:
    case = send(signed)
    receive(case)
    url = reverse("rights:application", args=[case])
    assert "tant qu’il n’en fixe pas, rien ne s’efface" in words(as_(ADVISER).get(url))
    fixed(240)
    text = words(as_(ADVISER).get(url))
    assert "Données conservées 20 ans après la clôture du dossier" in text
    close(case, 1)
    text = words(as_(ADVISER).get(url))
    assert "Données conservées jusqu’au" in text
    assert f"(durée fixée par votre organisme : {REASON})" in text
    assert "jusqu’à la fin de la convention" in words(as_(PASS).get(url))


def test_the_record_of_processing_shows_it_in_place_of_the_blank(signed: Signed) -> None:
    def said() -> list[str]:
        with transaction.atomic(), acting(organisation=organisation(CAISSE).id):
            record = record_of(organisation(CAISSE).id, now())
        return [field.words for one in record.entries if one.convention and (field := one.field("retention"))]

    assert any("Durée de conservation avant le terme" in one for one in said())
    fixed(24)
    assert f"2 ans après la clôture du dossier (durée fixée par l’organisme : {REASON})" in " ".join(said())
    assert not any("Durée de conservation avant le terme" in one for one in said())
    fixed(36, kind="application")
    assert "demandes de droits : 3 ans après la clôture du dossier" in " ".join(said())


def test_the_pages_cost_the_same_however_many_cases_were_closed(
    signed: Signed, django_assert_num_queries: Any
) -> None:
    fixed(24)
    client = as_(CPAM_DPO)
    closed(signed)
    for url, cost in ((PAGE, PAGE_COSTS), (CALENDAR, CALENDAR_COSTS)):
        client.get(url)
        for _ in range(2):
            with django_assert_num_queries(cost):
                client.get(url)
            close(send(signed), 2.5)


PAGE_COSTS, CALENDAR_COSTS = 15, 17
