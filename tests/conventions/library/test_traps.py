"""The texts disagree: each cell of the table of traps, as the value of its own convention."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from maillage.conventions.terms import Blank
from tests.conventions.library.cells import (
    S0,
    S1,
    S2,
    S3,
    S4,
    S4_LOCAL,
    amending,
    breach,
    channels,
    exit_facts,
    exits,
    flow,
    lasting,
    nominative_to,
    regime,
    renewing,
    rights,
    roles,
    starting,
    why,
)

COG = "Convention d'objectifs et de gestion entre l'État et la CNSA 2016-2019"
DETECTIONS = regime(S3, "detections")
OTHERS = regime(S3, "autres_collaborations")
HOSPITAL = regime(S2, "acces_droits_soins")
LOCAL = regime(S4_LOCAL, "application_locale")
CONTACTS = regime(S4, "contacts_contrat")
ANNEX_6 = ("missing_annex", "annexe 6")
UNTOUCHED = ("all_parties", False, True, ("objectives",), ("referents",))
MUTUAL = ("24h", "suspicion", ("cpam", "carsat", "ccas"), True, False)
TO_CPAM = ("48h", "suspicion", ("cpam",), False, True)

CELLS: list[tuple[str, Callable[[], Any], Any]] = [
    ("term S0", lambda: lasting(S0), ("1y", None, None)),
    ("term S1", lambda: lasting(S1), (None, date(2019, 12, 31), COG)),
    ("term S2", lambda: lasting(S2), ("1y", None, None)),
    ("term S3", lambda: lasting(S3), ("1y", None, None)),
    ("term S4", lambda: lasting(S4), ("1y", None, None)),
    ("starts S0", lambda: starting(S0), ("not_stated", ("last_signature", "first_signature"))),
    ("starts S1", lambda: starting(S1), ("not_stated", ("title_period", "last_signature"))),
    ("starts S2", lambda: starting(S2), ("last_signature", ())),
    ("starts S3", lambda: starting(S3), ("last_signature", ())),
    ("starts S4", lambda: [one.on for one in S4.signatures], [date(2021, 9, 27), date(2021, 10, 5)]),
    ("renewal S0", lambda: renewing(S0), ("tacit", "1y", "not_stated", ())),
    ("renewal S1", lambda: renewing(S1), ("none", None, "unlimited", ())),
    ("renewal S2", lambda: renewing(S2), ("tacit", None, "unlimited", ())),
    ("renewal S3", lambda: renewing(S3), ("tacit", None, "unlimited", ("shared_evaluation",))),
    ("renewal S4", lambda: renewing(S4), ("tacit", None, "unlimited", ("shared_evaluation",))),
    ("exit S0", lambda: exit_facts(S0, "denunciation", "notice", "counted_from", "form"), ("2m", "not_stated", "lrar")),
    ("exit S1", lambda: [one.kind for one in exits(S1, "denunciation")], []),
    ("exit S2", lambda: exit_facts(S2, "anniversary_denunciation", "before", "before_what", "limit", "form"),
     ("3m", "anniversary", "not_stated", "lrar")),
    ("exit S3", lambda: [one.kind for one in exits(S3, "denunciation")], []),
    ("exit S4", lambda: [one.kind for one in exits(S4, "denunciation")], []),
    ("breach exit S0", lambda: [one.kind for one in exits(S0, "formal_notice")], []),
    ("breach exit S1", lambda: exit_facts(S1, "grounds", "form", "open_list"), ("lrar", True)),
    ("breach exit S2", lambda: exit_facts(S2, "immediate", "indemnity", "open_list"), (False, False)),
    ("breach exit S3", lambda: exit_facts(S3, "formal_notice", "cure", "counted_from", "form"), ("15d", "sending", "lrar")),
    ("breach exit S4", lambda: exit_facts(S4, "formal_notice", "cure", "quote"),
     ("15d", "peut être résiliée de plein droit par l'autre partie")),
    ("amendment S0", lambda: amending(S0), ("all_parties", False, False, (), ())),
    ("amendment S1", lambda: amending(S1), ("silent", None)),
    ("amendment S2", lambda: amending(S2), ("qualified_representatives", True, False, (), ("referents",))),
    ("amendment S3", lambda: amending(S3), UNTOUCHED),
    ("amendment S4", lambda: amending(S4), UNTOUCHED),
    ("change of referent S2", lambda: {one.change for one in S2.referents}, {"list_kept_up_to_date"}),
    ("change of referent S3", lambda: {one.change for one in S3.referents}, {"letter"}),
    ("change of referent S4", lambda: {one.change for one in S4.referents}, {"mutual_information"}),
    ("originals S0", lambda: S0.originals, 2),
    ("originals S1", lambda: why(S1.originals), ("silent", "signatures")),
    ("originals S2", lambda: S2.originals, 3),
    ("originals S3", lambda: (S3.originals, [one.by_delegation for one in S3.signatures]), (3, [False, False, True])),
    ("originals S4", lambda: (S4.originals, [one.by_delegation for one in S4.signatures]), (2, [True, False])),
    ("role S0", lambda: (nominative_to(S0, "caf"), nominative_to(S0, "cnaf")), ([], [])),
    ("role S1", lambda: why(regime(S1, "echanges").roles), ("silent", None)),
    ("role S2", lambda: roles(HOSPITAL.roles), (("cnam", "cpam"), ("hospital",))),
    ("role S3 detections", lambda: roles(DETECTIONS.roles), ANNEX_6),
    ("role S3 flow of detections", lambda: roles(flow(S3, "orientation_misas").roles), ANNEX_6),
    ("role S3 others", lambda: roles(OTHERS.roles), (("cpam", "carsat", "ccas"), ())),
    ("role S4", lambda: roles(LOCAL.roles), (("cpam",), ("croix_rouge",))),
    ("breach S0", lambda: breach(regime(S0, "prado")), ("silent", "5")),
    ("breach S1", lambda: breach(regime(S1, "echanges")), ("silent", None)),
    ("breach S2", lambda: breach(HOSPITAL), TO_CPAM),
    ("breach S3 detections", lambda: breach(DETECTIONS), ANNEX_6),
    ("breach S3 others", lambda: breach(OTHERS), MUTUAL),
    ("breach S4", lambda: breach(LOCAL), TO_CPAM),
    ("rights S0", lambda: rights(regime(S0, "prado")), ("silent", "5")),
    ("rights S1", lambda: rights(regime(S1, "echanges")), ("silent", None)),
    ("rights S2", lambda: rights(HOSPITAL), (("cpam",), True, "post", ())),
    ("rights S3 detections", lambda: rights(DETECTIONS), ANNEX_6),
    ("rights S3 others", lambda: rights(OTHERS), (("cpam", "carsat", "ccas"), False, "not_stated", ())),
    ("rectification S3", lambda: OTHERS.model_dump()["rights_requests"]["rectification_relayed"], "sans délai"),
    ("rights S4", lambda: rights(LOCAL), (("croix_rouge",), True, "e_mail", ("cpam",))),
    ("end of life S0", lambda: why(regime(S0, "prado").destruction), ("silent", "5")),
    ("end of life S1", lambda: regime(S1, "echanges").destruction, None),
    ("end of life S2", lambda: HOSPITAL.model_dump()["destruction"]["what"], "Toutes les données à caractère personnel"),
    ("end of life S3", lambda: (why(DETECTIONS.destruction), why(OTHERS.destruction)), (ANNEX_6, ("silent", "6"))),
    ("end of life S4", lambda: LOCAL.model_dump()["destruction"]["what"], "Toutes les données à caractère personnel"),
    ("contract contacts S4", lambda: [CONTACTS.model_dump(mode="json")["retention"][name] for name in ("delay", "start")],
     ["5y", "dernier contact"]),
    ("ssam S0", lambda: [one.key for one in S0.flows if one.service == "ssam"], []),
    ("ssam S1", lambda: [one.key for one in S1.flows if one.service == "ssam"], []),
    ("ssam S2", lambda: (flow(S2, "orientation_ssam").sender, channels(flow(S2, "orientation_ssam"))),
     ("hospital", ("template", "annexe 3"))),
    ("ssam S3", lambda: (flow(S3, "appel_ssam").sender, channels(flow(S3, "appel_ssam"))),
     ("person", (("phone", "service social", None),))),
    ("ssam S4", lambda: (channels(flow(S4_LOCAL, "signalement_ssam")), len(flow(S4_LOCAL, "signalement_ssam").situations)),
     ((("agent", None, "cpam"),), 3)),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "found", "expected"), CELLS, ids=[cell for cell, _, _ in CELLS])
def test_each_cell_of_the_table_is_the_value_of_its_convention(
    cell: str, found: Callable[[], Any], expected: Any
) -> None:
    assert found() == expected


def test_an_ambiguous_denunciation_has_both_readings() -> None:
    (clause,) = exits(S2, "anniversary_denunciation")
    assert [variant.name for variant in clause.variants] == ["window", "at_latest"]
    (notice,) = exits(S0, "denunciation")
    assert [variant.name for variant in notice.variants] == ["sending", "receipt"]


def test_the_form_for_the_misas_is_not_the_way_to_the_social_service_of_s2() -> None:
    assert channels(flow(S2, "orientation_misas")) == (
        ("paper", None, None),
        ("espace_partenaires", None, None),
    )
    assert isinstance(flow(S2, "orientation_ssam").channels, Blank)


def test_the_social_service_of_s4_is_reached_through_the_caisse_and_keeps_lineage() -> None:
    assert nominative_to(S4_LOCAL, "carsat") == ["transmission_ssam"]
    assert flow(S4_LOCAL, "transmission_ssam").sender == "cpam"
    assert flow(S4_LOCAL, "transmission_ssam").forwards == "signalement_ssam"


def test_immediate_termination_of_s2_has_its_three_grounds() -> None:
    (clause,) = exits(S2, "immediate")
    assert len(clause.grounds) == 3


def test_the_agreement_of_the_person_is_a_condition_of_telling_progress() -> None:
    for terms in (S3, S4_LOCAL):
        assert flow(terms, "avancement_demarches").conditions == ("Avec l'accord de la personne accompagnée",)
