"""What may be answered to each kind of question, and what it is worth."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.conventions.terms.steering import AnswerKind, Indicator
from maillage.indicators.sheets.rules import Said, faults_of, value_of

PHONE = "Appelez le 06 12 34 56 78"


def asked(answer: AnswerKind) -> Indicator:
    choices = [{"key": "absence", "label": "Absence"}] if answer is AnswerKind.CHOICE else []
    return Indicator.model_validate(
        {"key": "combien", "article": "4", "label": "Combien", "answer": answer, "choices": choices}
    )


def number(text: str) -> Said:
    return Said(number=Decimal(text))


@pytest.mark.parametrize(
    ("kind", "said", "value"),
    [
        (AnswerKind.YES_NO, number("1"), True),
        (AnswerKind.YES_NO, number("0"), False),
        (AnswerKind.NUMBER, number("0"), 0),
        (AnswerKind.NUMBER, number("80230"), 80_230),
        (AnswerKind.PERCENT, number("62.5"), Fraction(5, 8)),
        (AnswerKind.PERCENT, number("100"), Fraction(1)),
        (AnswerKind.PERCENT, Said(count=3, over=8), Fraction(3, 8)),
        (AnswerKind.PERCENT, Said(number=Decimal(120), why="Deux par personne."), Fraction(6, 5)),
        (AnswerKind.PERCENT, Said(count=9, over=8, why="Une reprise."), Fraction(9, 8)),
        (AnswerKind.DURATION, number("24.5"), Fraction(49, 2)),
        (AnswerKind.CHOICE, Said(words="absence"), "absence"),
        (AnswerKind.OPEN, Said(words=" Peu de places. "), "Peu de places."),
        (AnswerKind.OPEN, Said(), None),
        (AnswerKind.NUMBER, Said(comment="Pas suivi cette année."), None),
    ],
)
def test_a_sound_answer_is_worth_its_value(kind: AnswerKind, said: Said, value: object) -> None:
    assert faults_of(asked(kind), said) == []
    assert value_of(kind, said) == value


@pytest.mark.parametrize(
    ("kind", "said", "field", "message"),
    [
        (AnswerKind.YES_NO, number("2"), "value", "oui ou par non"),
        (AnswerKind.YES_NO, Said(words="oui"), "value", "oui ou par non"),
        (AnswerKind.NUMBER, number("2.5"), "value", "nombre entier"),
        (AnswerKind.NUMBER, number("-1"), "value", "nombre entier"),
        (AnswerKind.NUMBER, number("1000000001"), "value", "nombre entier"),
        (AnswerKind.NUMBER, Said(count=1, over=2), "value", "nombre entier"),
        (AnswerKind.PERCENT, number("100.1"), "why", "Plus de 100 %"),
        (AnswerKind.PERCENT, number("-0.1"), "value", "de 0 à 100"),
        (AnswerKind.PERCENT, Said(words="la moitié"), "value", "de 0 à 100"),
        (AnswerKind.PERCENT, Said(count=9, over=8), "why", "dépasse le dénominateur"),
        (AnswerKind.PERCENT, Said(count=9), "over", "dénominateur"),
        (AnswerKind.PERCENT, Said(over=9), "count", "numérateur"),
        (AnswerKind.PERCENT, Said(count=0, over=0), "over", "n’est pas zéro"),
        (AnswerKind.DURATION, number("3661"), "value", "de jours"),
        (AnswerKind.CHOICE, Said(words="refus"), "value", "de la liste"),
        (AnswerKind.OPEN, number("3"), "value", "par un texte"),
        (AnswerKind.OPEN, Said(words="x" * 4001), "value", "4000 caractères"),
        (AnswerKind.OPEN, Said(words=PHONE), "value", "téléphone"),
        (AnswerKind.NUMBER, Said(comment=PHONE), "comment", "téléphone"),
        (AnswerKind.PERCENT, Said(number=Decimal(3), why=PHONE), "why", "téléphone"),
    ],
)
def test_a_wrong_answer_is_told_at_its_field(kind: AnswerKind, said: Said, field: str, message: str) -> None:
    (fault,) = faults_of(asked(kind), said)
    assert fault.field == field
    assert message in fault.message


@given(st.sampled_from(AnswerKind), st.decimals(-10, 2000, places=2), st.text(max_size=20))
def test_whatever_is_accepted_has_a_value(kind: AnswerKind, figure: Decimal, words: str) -> None:
    for said in (Said(number=figure), Said(words=words), Said(figure, words)):
        if not faults_of(asked(kind), said):
            value = value_of(kind, said)
            assert (value is None) == said.is_empty
