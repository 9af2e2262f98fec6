"""The rows A1-A28 of the mission that the Terms must carry, each read from the library."""

from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from maillage.conventions.terms import (
    Blank,
    BlankReason,
    Change,
    Operation,
    Terms,
    UntouchableError,
    blanks,
    choose,
    consolidate,
    content_hash,
    difference,
    draw,
    drop,
    undecided,
    unsigned_representatives,
)
from maillage.conventions.terms.commitments import Commitment, Rhythm
from maillage.conventions.terms.obligations import Obligation, ObligationGesture
from maillage.conventions.terms.parties import BodyKind, Registration
from maillage.conventions.terms.services import Trunk
from tests.conventions.library.cells import ALL, S0, S1, S2, S3, S4, S4_LOCAL, exits


def obligation(terms: Terms, key: str) -> Obligation:
    """The obligation of a key."""
    return next(one for one in terms.obligations if one.key == key)


def commitment(terms: Terms, key: str) -> Commitment:
    """The commitment of a key."""
    return next(one for one in terms.commitments if one.key == key)


def test_a1_parties_are_two_or_three_bodies_of_their_own_kind() -> None:
    kinds = {name: [party.kind for party in terms.parties] for name, terms in ALL.items()}
    assert kinds["S0"] == [BodyKind.CNAM, BodyKind.CNAF]
    assert kinds["S1"] == [BodyKind.CNAM, BodyKind.CNSA]
    assert isinstance(kinds["S2"][0], Blank)
    assert kinds["S2"][0].among == ("cpam", "ccss", "cgss")
    assert kinds["S2"][1:] == [BodyKind.CARSAT, BodyKind.HOSPITAL]
    assert kinds["S3"] == [BodyKind.CPAM, BodyKind.CARSAT, BodyKind.CCAS]
    assert kinds["S4"] == [BodyKind.CNAM, BodyKind.ASSOCIATION]


def test_a1_the_numbers_that_the_texts_print_have_a_key_that_holds() -> None:
    printed = [party.registration for party in (S3.parties[2], S4.parties[1])]
    assert [(one.scheme, one.number) for one in printed if isinstance(one, Registration)] == [
        ("siret", "26421029500020"),
        ("rne", "775672272"),
    ]


def test_a2_signatures_by_delegation_say_who_signed_and_ask_for_the_document() -> None:
    by_delegation = [one for terms in (S3, S4) for one in terms.signatures if one.by_delegation]
    assert [one.party for one in by_delegation] == ["carsat", "croix_rouge"]
    for one in by_delegation:
        assert one.signatory
        assert isinstance(one.delegation, Blank)


def test_a3_each_party_of_s4_has_its_time_stamp_and_an_envelope_that_the_text_cuts_short() -> None:
    summer = timezone(timedelta(hours=2))
    assert [one.at for one in S4.signatures] == [
        datetime(2021, 9, 27, 9, 32, tzinfo=summer),
        datetime(2021, 10, 5, 10, 9, tzinfo=summer),
    ]
    for one in S4.signatures:
        assert isinstance(one.envelope, Blank)
        assert one.envelope.why is BlankReason.ILLEGIBLE


def test_a4_a_local_convention_inherits_from_its_framework_and_differs_by_what_it_did() -> None:
    draft = draw(S4, id="crf-locale")
    first = draft.relations[0]
    assert (first.kind, first.target) == ("implements", "croix-rouge-cadre-2021")
    assert {one.kind for one in difference(S4, draft)} == {"same", "added"}
    assert "conventions locales" in commitment(S0, "encourager_conventions_locales").what


def test_a5_s3_is_backed_on_espace_partenaires_and_answers_a_letter_of_intent() -> None:
    backed, letter = S3.relations
    assert isinstance(backed.reference, Blank)
    assert letter.on == date(2022, 12, 2)


def test_a6_s1_follows_a_convention_whose_bilan_was_shared_before() -> None:
    before = S1.relations[0]
    assert (before.kind, before.period) == ("succeeds", "2012-2015")
    assert any("2015" in fact for fact in before.facts)
    assert commitment(S1, "bilan_final").cadence is not None


def test_a7_a_signed_local_convention_is_told_to_the_national_referents() -> None:
    told = obligation(S4_LOCAL, "conventions_portees_a_connaissance")
    assert told.informed == ("referents_nationaux",)
    third = next(one for one in S4_LOCAL.third_parties if one.key == "referents_nationaux")
    assert third.role == "informed"


def test_a8_the_reasons_for_not_signing_are_those_of_the_questionnaire() -> None:
    question = next(one for one in S4.indicators if one.key == "convention_absence")
    assert len(question.choices) == 7
    assert question.condition is not None
    assert question.condition.equals is False


def test_a9_and_a10_terms_and_renewals_are_clauses_with_their_article() -> None:
    cited = {
        name: (getattr(terms.term, "article", None), getattr(terms.renewal, "article", None))
        for name, terms in ALL.items()
    }
    assert cited == {
        "S0": ("6", "6"),
        "S1": ("4", "4"),
        "S2": ("9", "9"),
        "S3": ("9.1", "9.2"),
        "S4": ("6.1", "6.2"),
    }


@pytest.mark.parametrize(
    ("terms", "kind"), [(S0, "denunciation"), (S2, "anniversary_denunciation")], ids=["S0", "S2"]
)
def test_a11_and_a12_a_registered_letter_goes_to_each_other_party(terms: Terms, kind: str) -> None:
    (clause,) = exits(terms, kind)
    assert clause.form == "lrar"
    assert clause.one_per_addressee


@pytest.mark.parametrize("terms", [S3, S4], ids=["S3", "S4"])
def test_a13_a_formal_notice_answers_any_commitment_not_kept(terms: Terms) -> None:
    (clause,) = exits(terms, "formal_notice")
    assert "engagements" in clause.grounds[0]


def test_a14_and_a15_grounds_are_listed_and_the_open_list_says_so() -> None:
    assert len(exits(S2, "immediate")[0].grounds) == 3
    assert (len(exits(S1, "grounds")[0].grounds), exits(S1, "grounds")[0].open_list) == (2, True)


@pytest.mark.parametrize(("terms", "article"), [(S3, "9.3"), (S4, "6.3")], ids=["S3", "S4"])
def test_a16_and_a26_an_avenant_may_not_touch_the_objectives(terms: Terms, article: str) -> None:
    change = Change(operation=Operation.REPLACE, path="objectives[initier].text", value="Autre chose")
    with pytest.raises(UntouchableError, match=article.replace(".", r"\.")):
        consolidate(terms, change)


def test_a17_disputes_go_through_concertation_then_the_court() -> None:
    disputes = obligation(S0, "differends")
    assert disputes.gesture is ObligationGesture.OPEN
    assert [step.split()[0] for step in disputes.steps] == ["Concertation", "Tribunal"]


def test_a18_no_money_flows_and_each_bears_its_costs() -> None:
    for terms in (S4, S4_LOCAL):
        assert [one.key for one in terms.obligations if one.kind == "finance"] == [
            "sans_flux_financier",
            "frais",
        ]


def test_a19_a_template_has_blanks_and_options_that_a_draft_fills_and_chooses() -> None:
    assert {one.blank.why for one in blanks(S2)} >= {BlankReason.TEMPLATE, BlankReason.MISSING_ANNEX}
    assert {one.path for one in undecided(S2)} >= {
        "objectives[etablir]",
        "objectives[consolider]",
        "services[agent_delegue]",
    }
    chosen = choose(draw(S2, id="chu"), "objectives[etablir]")
    assert "consolider" not in {objective.key for objective in chosen.objectives}


@pytest.mark.parametrize("terms", [S2, S3, S4_LOCAL], ids=["S2", "S3", "S4 local"])
def test_a19_each_option_can_be_chosen_and_each_dropped_and_so_can_all(terms: Terms) -> None:
    options = [one.path for one in undecided(terms)]
    assert options
    for path in options:
        assert path not in {one.path for one in undecided(choose(terms, path))}
        assert path not in {one.path for one in undecided(drop(terms, path))}
    none_left = terms
    while left := undecided(none_left):
        none_left = drop(none_left, left[0].path)
    assert len(none_left.services) < len(terms.services)


@pytest.mark.parametrize("terms", [*ALL.values(), S4_LOCAL], ids=[*ALL, "S4 local"])
def test_a20_each_commitment_has_a_debtor_an_article_and_something_to_do(terms: Terms) -> None:
    assert len(terms.commitments) >= 5
    for one in terms.commitments:
        assert one.debtors
        assert one.article
        assert len(one.what) > 15


@pytest.mark.parametrize("terms", [*ALL.values(), S4_LOCAL], ids=[*ALL, "S4 local"])
def test_a20_a_yearly_bilan_is_owed_under_each(terms: Terms) -> None:
    yearly = [one for one in terms.committees if one.cadence.rhythm is Rhythm.YEARLY]
    owed = [one for one in terms.commitments if one.cadence and one.cadence.rhythm is Rhythm.YEARLY]
    assert yearly or owed


@pytest.mark.parametrize("terms", [S2, S3, S4, S4_LOCAL], ids=["S2", "S3", "S4", "S4 local"])
def test_a21_and_a23_property_and_confidentiality_are_obligations(terms: Terms) -> None:
    assert obligation(terms, "propriete_diffusion").prior
    assert obligation(terms, "propriete_diffusion").written
    secret = obligation(terms, "confidentialite")
    assert secret.outlives_term
    assert secret.prior


def test_a22_names_and_logos_are_approved_case_by_case_in_writing() -> None:
    for key, approver in (("logo_croix_rouge", "croix_rouge"), ("logo_cnam", "cnam")):
        logo = obligation(S4, key)
        assert (logo.approvers, logo.case_by_case, logo.written, logo.prior) == (
            (approver,),
            True,
            True,
            True,
        )


def test_a24_what_is_signed_has_a_hash_that_any_change_voids() -> None:
    change: Any = Change(operation=Operation.REPLACE, path="summary", value="Autre résumé")
    assert content_hash(consolidate(S3, change)) != content_hash(S3)


@pytest.mark.parametrize("terms", [*ALL.values(), S4_LOCAL], ids=[*ALL, "S4 local"])
def test_a25_each_says_whom_it_is_for(terms: Terms) -> None:
    assert terms.public


def test_a27_who_may_initiate_who_coordinates_and_who_is_covered() -> None:
    assert {party.key for party in S4_LOCAL.parties if party.may_initiate} == {"cpam", "carsat"}
    structures = {one.key: one.signs for one in S4_LOCAL.parties[2].structures}
    assert structures == {"delegation_territoriale": True, "etablissement": True, "unite_locale": False}
    assert all(one.concerned for one in S4_LOCAL.parties[2].structures)
    assert "coordinator" in {one.role for one in S4_LOCAL.third_parties}


def test_a28_representatives_who_did_not_sign_are_flagged() -> None:
    found = {
        name: [(party.key, one.key) for party, one in unsigned_representatives(terms)]
        for name, terms in ALL.items()
    }
    assert found == {"S0": [], "S1": [("cnamts", "president_conseil")], "S2": [], "S3": [], "S4": []}


def test_c1_the_trunks_of_s3_and_s4_join_services_means_and_debtors() -> None:
    for terms in (S3, S4_LOCAL):
        trunks = {one.key: one.trunk for one in terms.services}
        assert set(trunks.values()) >= {Trunk.COMMON, Trunk.OPTIONAL}
        for service in terms.services:
            if service.trunk is Trunk.OPTIONAL:
                assert service.optional
                means = [one for one in terms.commitments if service.key in one.services]
                assert means
                assert all(one.optional for one in means)


def test_b4_a_referent_is_called_on_in_three_ways() -> None:
    for terms in (S3, S4_LOCAL):
        ways = next(one for one in terms.referents if one.party == "cpam").solicited_for
        assert [way.key for way in ways] == ["information", "routing", "progress"]


def test_g1_committees_meet_each_year_and_that_of_s4_in_february_or_march() -> None:
    assert S4.committees[0].cadence.months == (2, 3)
    assert S2.committees[0].may_sit_inside == "COPIL multi-partenaires que la PASS organise chaque année"
