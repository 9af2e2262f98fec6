"""The five texts before one situation: five different answers, each explained by its article, what is met and what would open it."""

from dataclasses import replace
from typing import Final, NamedTuple

import pytest

from maillage.conventions.terms import Terms
from maillage.referrals.routing.conditions import Verdict
from maillage.referrals.routing.router import Route, Way, sequels_of
from tests.conventions.library.cells import ALL, S4_LOCAL
from tests.referrals.routing.test_router import READY, routes, someone


class Said(NamedTuple):
    """One route's answer: how it is taken, whether it is open, the article that gives it; `why` is what is met where it is
    open, what would open it where it is not, each with its article."""

    way: Way
    verdict: Verdict
    article: str
    why: tuple[str, ...]


def said(way: Way, verdict: Verdict, article: str, *why: str) -> Said:
    """A row of the table."""
    return Said(way, verdict, article, why)


def explained(route: Route) -> Said:
    """What a route says of itself."""
    if route.is_open:
        asked = [one for requirement in route.requirements for one in requirement.conditions]
        why = [f"{one.label} ({one.article})" for one in asked if one.verdict is Verdict.MET]
    else:
        why = [f"{one.text} ({one.article})" for one in route.openings()]
    return Said(route.way, route.verdict, route.article, tuple(why))


FIVE_ANSWERS: Final[dict[str, dict[str, Said]]] = {
    # S0: nothing for somebody who has just had no child; the home help is hers to ask for.
    "S0": {
        "flows.aide_domicile": said(
            Way.PERSON,
            Verdict.NOT_MET,
            "3.1",
            "Un événement fragilisant qui rend le parent moins disponible pour un temps (2.2)",
        ),
        "services.prado_maternite": said(
            Way.INFORMATION,
            Verdict.NOT_MET,
            "2.1",
            "Un enfant unique (2.1)",
            "Accouchement sans complication (2.1)",
            "Voie basse (depuis 2010) ou césarienne (depuis l'été 2014) (2.1)",
            "L'équipe médicale ne juge plus l'hospitalisation nécessaire (2.1)",
        ),
    },
    # S1: coordinates two national bodies, refers nobody.
    "S1": {},
    # S2: the MisAS by the form; the SSAM waits for the way that the template leaves blank; files of rights are no referral.
    "S2": {
        "flows.orientation_misas": said(
            Way.OTHER,
            Verdict.MET,
            "4.2",
            "Prise en charge par l'établissement (2)",
            "Fragilité sociale ou urgence médicale (2)",
            "Difficultés d'accès aux droits ou aux soins (2)",
            "Du mal à obtenir un rendez-vous (annexe 2)",
            "Doit avancer ou payer des sommes trop importantes (annexe 2)",
            "Tout assuré et tout bénéficiaire de l'AME (annexe 2)",
        ),
        "flows.orientation_ssam": said(
            Way.UNKNOWN,
            Verdict.NOT_MET,
            "4.2",
            "Que les parties remplissent : Modalités de contact du service social. (annexe 3)",
        ),
    },
    # S3: the MisAS here; the person phones the SSAM herself, if its own criteria hold; options not retained.
    "S3": {
        "flows.orientation_misas": said(
            Way.PLATFORM,
            Verdict.MET,
            "3",
            "Accueillie par le CCAS (2)",
            "Difficultés de soins ou renoncement aux soins (3)",
            "Situation de précarité (3)",
        ),
        "flows.appel_ssam": said(
            Way.PHONE, Verdict.UNKNOWN, "3", "Fragilité repérée selon les critères du service social (3)"
        ),
        "flows.orientation_eps": said(
            Way.OTHER, Verdict.NOT_MET, "3", "Que les parties retiennent cette option. (3)"
        ),
        "flows.demande_aller_vers": said(
            Way.OTHER, Verdict.NOT_MET, "3", "Que les parties retiennent cette option. (3)"
        ),
        "services.acces_droits": said(Way.INFORMATION, Verdict.MET, "3", "Accueillie par le CCAS (2)"),
        "services.parcours_soins": said(Way.INFORMATION, Verdict.MET, "3", "Accueillie par le CCAS (2)"),
        "services.premiers_jours": said(Way.INFORMATION, Verdict.MET, "3", "Accueillie par le CCAS (2)"),
        "services.mon_soutien_psy": said(Way.INFORMATION, Verdict.MET, "3", "Accueillie par le CCAS (2)"),
        "services.prevention": said(
            Way.INFORMATION, Verdict.NOT_MET, "3", "Que les parties retiennent cette option. (3)"
        ),
        "services.services_en_ligne": said(
            Way.INFORMATION, Verdict.NOT_MET, "3", "Que les parties retiennent cette option. (3)"
        ),
        "services.action_sociale": said(
            Way.INFORMATION, Verdict.NOT_MET, "3", "Que les parties retiennent cette option. (3)"
        ),
    },
    # S4: the SSAM through an agent of the CPAM; the urgent line closed because no care is imminent; files of rights no referral.
    "S4": {
        "flows.orientation_misas": said(
            Way.PLATFORM,
            Verdict.MET,
            "9",
            "Accueillie par une structure locale de la Croix-Rouge française (8)",
            "Renoncement ou difficulté d'accès aux soins, raison financière (9)",
            "Renoncement ou difficulté d'accès aux soins, raison temporelle (9)",
            "La personne le souhaite (9)",
        ),
        "flows.signalement_ssam": said(
            Way.AGENT,
            Verdict.MET,
            "9",
            "Accueillie par une structure locale de la Croix-Rouge française (8)",
            "Rupture par rapport aux soins et au système de santé (freins psychologiques, culturels, sociaux profonds) (9)",
        ),
        "flows.urgence_partenaire": said(
            Way.PHONE, Verdict.NOT_MET, "annexe 2", "Situation de soins imminents (annexe 2)"
        ),
        "flows.orientation_bilan_sante": said(
            Way.PLATFORM, Verdict.NOT_MET, "9", "Que les parties retiennent cette option. (9)"
        ),
        "flows.information_croix_rouge": said(
            Way.PERSON, Verdict.NOT_MET, "9", "Non aidée par une association (9)"
        ),
        "services.prevention": said(
            Way.INFORMATION, Verdict.NOT_MET, "9", "Que les parties retiennent cette option. (9)"
        ),
        "services.services_en_ligne": said(
            Way.INFORMATION, Verdict.NOT_MET, "9", "Que les parties retiennent cette option. (9)"
        ),
        "services.action_sociale": said(
            Way.INFORMATION, Verdict.NOT_MET, "9", "Que les parties retiennent cette option. (9)"
        ),
        "services.initiatives_locales": said(
            Way.INFORMATION, Verdict.NOT_MET, "9", "Que les parties retiennent cette option. (9)"
        ),
    },
}


@pytest.mark.parametrize("name", ALL)
def test_the_five_conventions_answer_differently_to_the_same_situation_each_explained(name: str) -> None:
    found = {key: explained(route) for key, route in routes(READY[name], someone()).items()}
    assert found == FIVE_ANSWERS[name]
    assert [other for other, answer in FIVE_ANSWERS.items() if answer == found] == [name]


def test_every_route_gives_a_reason_with_its_article() -> None:
    rows = [row for answer in FIVE_ANSWERS.values() for row in answer.values()]
    assert rows
    for row in rows:
        assert row.article
        assert row.why
        assert all(reason.endswith(")") and "()" not in reason for reason in row.why)


@pytest.mark.parametrize("terms", [*ALL.values(), S4_LOCAL], ids=[*ALL, "S4_LOCAL"])
def test_the_only_text_by_which_the_caisse_forwards_says_what_is_missing(terms: Terms) -> None:
    situation = replace(someone(), sender="cpam")
    found = {key: explained(route) for key, route in routes(sequels_of(terms), situation).items()}
    assert found == (
        {
            "flows.transmission_ssam": said(
                Way.UNKNOWN,
                Verdict.NOT_MET,
                "9",
                "Que les parties remplissent : Canal entre la CPAM et le service social. (9)",
            )
        }
        if terms is S4_LOCAL
        else {}
    )
