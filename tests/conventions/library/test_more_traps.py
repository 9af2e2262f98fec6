"""The traps below the table: clocks, proofs of urgency, ways of counting, annexes that are missing."""

import pytest

from maillage.conventions.terms import Blank, BlankReason, Terms
from maillage.conventions.terms.clocks import Clock, ClockNature, ClockStart
from maillage.conventions.terms.identity import RelationKind
from maillage.conventions.terms.steering import AnswerKind, IndicatorSource
from tests.conventions.library.cells import ALL, S0, S1, S2, S3, S4, S4_LOCAL, flow, why


def clock(key: str) -> Clock:
    """A clock of S2."""
    return next(one for one in S2.clocks if one.key == key)


@pytest.mark.parametrize(("key", "days"), [("c2s", "31d"), ("ame", "30d")])
def test_the_deadlines_of_s2_run_from_a_complete_reception_in_calendar_days(key: str, days: str) -> None:
    assert str(clock(key).promised) == days
    assert clock(key).start is ClockStart.COMPLETE_RECEPTION
    assert clock(key).nature is ClockNature.BINDING


def test_the_urgent_ame_has_two_readings_and_the_union_of_its_proofs() -> None:
    urgent = clock("ame_urgente")
    assert str(urgent.promised) == "10d"
    assert (urgent.urgent, urgent.variant_of) == (True, "ame")
    assert [variant.clause.start for variant in urgent.variants] == [
        ClockStart.RECEPTION,
        ClockStart.COMPLETE_RECEPTION,
    ]
    assert {proof.key: proof.article for proof in urgent.proofs} == {
        "certificat_medical": "4.1, 4.2",
        "bulletin_hospitalisation": "4.1, 4.2",
        "prescription": "4.1",
        "attestation_besoins_soins": "4.2",
    }


def test_puma_has_no_number() -> None:
    assert clock("puma").promised is None


def test_the_carte_vitale_is_informative() -> None:
    assert str(clock("carte_vitale").promised) == "19d"
    assert clock("carte_vitale").nature is ClockNature.INFORMATIVE


def test_contacting_the_person_has_a_threshold_that_the_parties_agree() -> None:
    assert why(clock("contact_misas").promised) == ("silent", "annexe 2")
    assert clock("contact_misas").quote == "dès réception"


def test_the_mean_delay_is_measured_on_a_sample_whose_size_is_agreed() -> None:
    mean = next(one for one in S2.indicators if one.key == "delai_moyen")
    assert mean.source is IndicatorSource.SAMPLE
    assert isinstance(mean.sample_size, Blank)
    assert "graine" in str(mean.counting)


def test_persons_and_attendances_are_counted_by_the_rule_of_each_question() -> None:
    rules = {one.key: one.counting for one in (*S2.indicators, *S4.indicators) if one.counting}
    assert rules["programme_participations"] == "Une personne qui suit trois modules compte trois fois"
    assert rules["seances_dediees_personnes"] == rules["personnels_formes"] == "Personnes distinctes"


def test_urgency_is_two_facts() -> None:
    assert "immédiats ou futurs" in str(clock("ame_urgente").urgency)
    assert [one.label for one in flow(S4_LOCAL, "urgence_partenaire").criteria] == [
        "Situation de soins imminents"
    ]


def test_the_published_figures_keep_their_denominators() -> None:
    says = next(one.says for one in S4.narrative if one.article == "annexe 2")
    for figure in ("80 230", "127 000", "36 580", "33 431", "30 %"):
        assert figure in str(says)


def test_the_social_service_of_s2_has_six_items_one_needed_and_three_exclusions() -> None:
    eligibility = next(one.eligibility for one in S2.services if one.key == "ssam")
    assert eligibility is not None
    assert (len(eligibility.items), eligibility.at_least, len(eligibility.exclusions)) == (6, 1, 3)


def test_prado_takes_uncomplicated_single_births() -> None:
    eligibility = next(one.eligibility for one in S0.services if one.key == "prado_maternite")
    assert eligibility is not None
    assert {item.key for item in eligibility.conditions} == {
        "enfant_unique",
        "sans_complication",
        "voie",
        "sortie",
    }


def test_the_person_herself_contacts_the_caf() -> None:
    assert (flow(S0, "aide_domicile").sender, flow(S0, "aide_domicile").data) == ("person", "none")
    assert {one.data for one in S0.flows} == {"none", "aggregate"}
    assert S0.protection[0].nominative_data is False


@pytest.mark.parametrize(
    ("terms", "keys"),
    [
        (S0, {"annexe"}),
        (S1, {"fiches_actions"}),
        (S2, {"annexe_4"}),
        (S3, {f"annexe_{number}" for number in range(1, 7)}),
        (S4, {"trame_locale"}),
    ],
    ids=["S0", "S1", "S2", "S3", "S4"],
)
def test_each_missing_annex_keeps_its_place_as_a_blank(terms: Terms, keys: set[str]) -> None:
    missing = {
        one.key
        for one in terms.annexes
        if isinstance(one.content, Blank) and one.content.why is BlankReason.MISSING_ANNEX
    }
    assert missing == keys


def test_the_fifteen_sheets_are_there_and_what_they_would_say_is_blank() -> None:
    assert [len(axis.sheets) for axis in S1.axes] == [6, 5, 3, 1]
    sheets = [sheet for axis in S1.axes for sheet in axis.sheets]
    assert [sheet.number for sheet in sheets] == list(range(1, 16))
    for sheet in sheets:
        for value in (sheet.leads, sheet.partners, sheet.milestones, sheet.indicators):
            assert isinstance(value, Blank)
            assert value.why is BlankReason.MISSING_ANNEX


@pytest.mark.parametrize("field", ["term", "renewal", "exits", "amendment"])
def test_title_two_of_s4_is_silent_on_how_long_and_how_it_ends(field: str) -> None:
    assert why(getattr(S4_LOCAL, field)) == ("silent", "titre II")


def test_the_seven_modules_of_s4_are_there() -> None:
    assert len(S4.modules) == 7
    assert {module.article for module in S4.modules} == {"1"}


def test_the_questionnaire_of_s4_has_its_29_questions_in_7_blocks() -> None:
    blocks: dict[str | None, int] = {}
    for one in S4.indicators:
        blocks[one.block] = blocks.get(one.block, 0) + 1
    assert list(blocks.values()) == [3, 4, 8, 4, 4, 2, 4]
    assert sum(blocks.values()) == 29
    assert not any(one.optional or one.contractual for one in S4.indicators)


def test_the_questions_of_s4_are_typed_and_nine_are_conditional() -> None:
    kinds = [one.answer for one in S4.indicators]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        AnswerKind.YES_NO: 10,
        AnswerKind.NUMBER: 11,
        AnswerKind.PERCENT: 1,
        AnswerKind.CHOICE: 1,
        AnswerKind.OPEN: 6,
    }
    assert sum(one.condition is not None for one in S4.indicators) == 9


def test_conventions_form_a_graph() -> None:
    kinds = {name: {relation.kind for relation in terms.relations} for name, terms in ALL.items()}
    assert kinds["S1"] == {RelationKind.SUCCEEDS, RelationKind.ALIGNED_ON}
    assert kinds["S3"] == {RelationKind.BACKED_ON, RelationKind.COUNTERPART_OF}
    assert [relation.kind for relation in S4_LOCAL.relations] == [RelationKind.IMPLEMENTS]


def test_espace_partenaires_replaces_the_detections_of_s3_so_that_nothing_is_entered_twice() -> None:
    assert S3.relations[0].replaces_for == ("orientation_misas",)
