"""How long data are kept is said where they lie: the convention's own words, a blank as a blank, the platform's default as its own."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from maillage.core.calendar import Period
from maillage.protection.retention.rules import DataClass, Rule, Source, rule_for
from maillage.web.kept import kept_line, kept_of
from tests.conventions.kept import kept
from tests.protection.requests.files import CCAS_ADMIN, received
from tests.referrals.world import WORKER, send_referral, sign_convention, write_draft
from tests.rights.world import PASS, send, sign
from tests.training.world import OFFICER, planned, register, teach
from tests.web.committees.conftest import Signs, as_, s3

__all__ = ["as_", "kept", "s3"]  # fixtures


def spaced(text: str) -> str:
    return " ".join(text.split())


def words(answer: Any) -> str:
    """What a page says, its tags left out."""
    return spaced(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def test_the_text_is_named_by_its_article() -> None:
    five = Rule(Period(months=60), "le dernier contact", Source.TERMS, "12")
    assert kept_line(five) == "Données conservées 5 ans après le dernier contact (article 12)."
    assert (
        spaced(kept_line(five, date(2026, 3, 1))) == "Données conservées jusqu’au 1er mars 2031 (article 12)."
    )
    term = Rule(None, "jusqu’à la fin de la convention", Source.TERMS, "annexe 1-7")
    assert spaced(kept_line(term, ends_on=date(2027, 12, 31))) == (
        "Données conservées jusqu’à la fin de la convention, prévue le 31 décembre 2027 (annexe 1-7)."
    )


def test_a_blank_is_said_after_the_default() -> None:
    rule = Rule(
        None, "pour la durée voulue", Source.DEFAULT, "RGPD, article 5.1.e", blank="Durée de conservation"
    )
    assert kept_line(rule) == (
        "Données conservées pour la durée voulue (repère de la plateforme : RGPD, article 5.1.e). "
        "À compléter dans le texte : durée de conservation."
    )


@pytest.mark.parametrize("data", list(DataClass))
def test_each_class_has_its_line(data: DataClass) -> None:
    line = kept_of(data.value)
    assert line.startswith("Données conservées ")
    assert rule_for(data).start in line


def test_a_case_says_that_its_text_is_silent_and_what_is_done_meanwhile(db: None, as_: Signs) -> None:
    case = send_referral(sign_convention())
    text = words(as_(WORKER).get(f"/orientations/{case}/"))
    assert "À compléter dans le texte : " in text
    assert "tant qu’il n’en fixe pas, rien ne s’efface" in text


def test_a_file_of_rights_says_until_the_term_for_the_hospital(db: None, as_: Signs) -> None:
    case = send(sign())
    text = words(as_(PASS).get(reverse("rights:application", args=[case])))
    assert "conservées jusqu’à la fin de la convention" in text
    assert "(annexe 1-7)" in text


def test_a_draft_a_request_and_a_session_say_theirs(db: None, as_: Signs) -> None:
    taught = teach()
    signed = sign_convention()
    draft = write_draft(signed)
    worker = as_("social@ccas.example.org")
    assert "6 mois après la dernière écriture" in words(
        worker.get(f"/orientations/brouillons/{draft}/situation/")
    )
    for name, said in (
        ("journal:journal", "un an après l’acte (recommandation de la CNIL"),
        ("journal:alerts", "un an après le signalement"),
        ("sessions", "1 jour après la fin de la session"),
    ):
        assert said in words(as_(CCAS_ADMIN).get(reverse(name))), name
    request = received()
    text = words(as_(CCAS_ADMIN).get(f"/protection/demandes/{request}/"))
    assert "5 ans après la dernière réponse (Code civil, article 2224)" in text
    session = planned(taught)
    register(session, "Ondine Modèle")
    assert "comme le dit leur convention ; à défaut, 5 ans" in words(worker.get("/formations/personnes/"))
    for address in ("social@ccas.example.org", OFFICER):
        assert "5 ans après la dernière séance" in words(as_(address).get(f"/formations/seances/{session}/"))
    assert "5 ans après la dernière séance" in words(worker.get("/formations/personnes/"))
