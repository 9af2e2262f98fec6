"""The figures of a report: the text's questions, what was counted or said, what else there is; and the same in words."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.catalogue.measures import COUNTED, MEASURED
from maillage.conventions import library
from maillage.conventions.terms.steering import AnswerKind, Condition, Indicator, Part
from maillage.core.french import NARROW_NBSP, NBSP
from maillage.indicators.figures import Answer, Figure, Questionnaire, Year, beside, figures, questions
from maillage.indicators.wording import source_words, terms_words, value_words

YEAR = Year(2025)


def asked(answer: AnswerKind = AnswerKind.NUMBER, **more: object) -> Indicator:
    return Indicator.model_validate(
        {"key": "combien", "article": "5", "label": "Combien", "answer": answer} | more
    )


def only(indicator: Indicator, amounts: dict[str, int], **said: Answer) -> Figure:
    answers = {(key, ""): one for key, one in said.items()}
    (found,) = figures([indicator], YEAR, amounts, answers)
    return found


def test_a_question_that_names_a_measure_is_answered_by_what_was_counted() -> None:
    found = only(asked(measure="referrals_misas"), {"referrals_misas": 1234})
    assert found.value == 1234
    assert value_words(found) == f"1{NARROW_NBSP}234"
    assert (found.unit, source_words(found)) == ("orientations", "compté par Maillage")
    assert found.measure is MEASURED["referrals_misas"]


def test_what_was_not_there_to_count_is_zero_and_what_nobody_counts_is_to_be_answered() -> None:
    assert only(asked(measure="referrals_misas"), {}).value == 0
    unknown = only(asked(), {"referrals_misas": 3})
    assert unknown.value is None
    assert value_words(unknown) == "à renseigner"


def test_a_yes_or_no_is_whether_something_was_counted() -> None:
    question = asked(AnswerKind.YES_NO, measure="eps_done")
    assert [value_words(only(question, {"eps_done": count})) for count in (0, 2)] == ["non", "oui"]
    assert only(question, {}).unit == ""


def test_a_share_shows_its_two_terms_and_a_share_of_nothing_is_none() -> None:
    question = asked(AnswerKind.PERCENT, measure="care_done_share")
    found = only(question, {"care_done": 1, "care_ended": 8})
    assert found.value == Fraction(1, 8)
    assert value_words(found) == f"12,5{NBSP}%"
    assert terms_words(found).startswith("1 sur 8 (accompagnements finalisés")
    assert value_words(only(question, {})) == "sans objet"


def test_a_mean_is_in_days() -> None:
    found = only(asked(AnswerKind.DURATION, measure="sample_delay"), {"sample_days": 243, "sample_files": 10})
    assert value_words(found) == "24,3 jours"


def test_what_the_referents_say_is_shown_with_what_was_counted() -> None:
    found = only(
        asked(measure="files_sent"), {"files_sent": 9}, combien=Answer(12, "Trois envoyés par la poste.")
    )
    assert (found.value, found.counted, found.comment) == (12, 9, "Trois envoyés par la poste.")
    assert source_words(found) == "dit par les référents ; Maillage compte 9"
    assert not only(asked(measure="files_sent"), {"files_sent": 9}, combien=Answer(9)).is_said_otherwise


def test_a_comment_alone_leaves_the_figure_counted() -> None:
    found = only(asked(measure="files_sent"), {"files_sent": 9}, combien=Answer(None, "Peu cette année."))
    assert (found.value, found.comment, source_words(found)) == (9, "Peu cette année.", "compté par Maillage")


def test_a_question_that_another_answer_makes_pointless_is_left_out() -> None:
    first = Indicator(key="mene", article="4", label="Menée", answer=AnswerKind.YES_NO)
    then = asked(condition=Condition(indicator="mene", equals=True))

    def shown(*answers: Answer) -> list[str]:
        said = dict.fromkeys([("mene", "")], answers[0]) if answers else {}
        return [one.question for one in figures([first, then], YEAR, {}, said)]

    assert shown() == ["mene", "combien"]  # not known yet: it may be asked
    assert shown(Answer(True)) == ["mene", "combien"]
    assert shown(Answer(False)) == ["mene"]


def test_what_hangs_on_a_pointless_question_is_pointless() -> None:
    first = Indicator(key="mene", article="4", label="Menée", answer=AnswerKind.YES_NO)
    second = Indicator(
        key="publique", article="4", label="Publique", answer=AnswerKind.YES_NO,
        condition=Condition(indicator="mene", equals=True),
    )  # fmt: skip
    third = asked(condition=Condition(indicator="publique", equals=True))
    found = figures([first, second, third], YEAR, {}, {("mene", ""): Answer(False)})
    assert [one.question for one in found] == ["mene"]


def test_each_part_of_an_answer_is_a_line_of_its_own() -> None:
    question = asked(
        parts=(
            Part(key="ouverts", label="Ouverts", measure="puma_granted"),
            Part(key="refus", label="Refus", measure="puma_refused"),
        )
    )
    found = figures([question], YEAR, {"puma_granted": 3})
    assert [(one.label, one.value) for one in found] == [("Combien : Ouverts", 3), ("Combien : Refus", 0)]


def test_an_option_that_the_parties_dropped_is_not_asked() -> None:
    assert figures([asked(optional=True, chosen=False)], YEAR, {}) == ()
    assert len(figures([asked(optional=True)], YEAR, {})) == 1


def test_the_rule_of_the_text_comes_before_that_of_the_measure() -> None:
    found = only(asked(measure="persons_trained", counting="Personnes distinctes"), {})
    assert found.rule.startswith("Personnes distinctes. Personnes distinctes : qui suit")


@given(st.dictionaries(st.sampled_from(COUNTED), st.integers(0, 10**6)))
def test_whatever_was_counted_is_shown_once_asked_or_beside(amounts: dict[str, int]) -> None:
    for name in library.names():
        indicators = library.load(name).indicators
        shown = figures(indicators, YEAR, amounts)
        others = beside(indicators, YEAR, amounts)
        named = {code for one in indicators for code in one.measures}
        assert not {one.question for one in others} & named
        for code, amount in amounts.items():
            if amount and code not in named and code not in {"files_days", "sample_days"}:
                assert [one.value for one in others if one.question == code] == [amount]
        assert all(one.value for one in others)
        assert all(one.value is not None or one.measure is None or one.over == 0 for one in shown)


@pytest.mark.parametrize(
    ("name", "counted"),
    [
        ("croix_rouge_cadre_2021", 22),
        ("hopital_pass_modele", 8),
        ("prado_maternite_2016", 2),
        ("ccas_montbrison_2024", 0),
        ("cnsa_2016_2019", 0),
    ],
)
def test_so_many_answers_of_each_text_are_counted_by_maillage(name: str, counted: int) -> None:
    assert sum(len(one.measures) for one in library.load(name).indicators) == counted


@given(
    st.lists(
        st.tuples(
            st.dictionaries(st.sampled_from(["care_done", "care_ended", "guides_given"]), st.integers(0, 2)),
            st.dictionaries(
                st.sampled_from([("whether", ""), ("then", ""), ("share", "")]),
                st.builds(Answer, st.integers(0, 2), st.sampled_from(["", "Relu."]), st.none() | st.just(1)),
            ),
        ),
        max_size=12,
    ),
    st.booleans(),
)
def test_a_figure_is_under_many_conventions_what_it_is_under_one(
    brought: list[tuple[dict[str, int], dict[tuple[str, str], Answer]]], exact: bool
) -> None:
    text = [
        asked(AnswerKind.YES_NO, key="whether", measure="care_done"),
        asked(key="then", measure="guides_given", condition=Condition(indicator="whether", equals=True)),
        asked(AnswerKind.PERCENT, key="share", measure="care_done_share"),
        asked(key="never", condition=Condition(indicator="absent", equals=True)),
    ]
    many = Questionnaire(text, YEAR, exact=exact)
    for amounts, answers in brought:
        alone = questions(text, YEAR, amounts, answers, exact=exact)
        assert many.questions(amounts, answers) == alone
        assert many.figures(amounts, answers) == tuple(one for one in alone if not one.is_pointless)
