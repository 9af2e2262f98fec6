"""The two clocks as they are drawn: a date with why, or why there is none; what is usual stands beside and binds nobody."""

from datetime import date

import pytest

from maillage.conventions import library
from maillage.core.clock import now
from maillage.rights.clocks.course import Course, Request, course
from maillage.rights.clocks.law import legal, rule_for
from maillage.rights.clocks.promise import promise_of, promised
from maillage.rights.due import Due
from maillage.rights.models import Application
from maillage.web.rights.clocks import Dial, dials

RECEIVED = date(2026, 3, 2)


def drawn(
    right: str, found: Course, *, urgent: bool = False, on: date = RECEIVED, **row: object
) -> tuple[Dial, Dial]:
    """Both clocks of a course under the model of the PASS, seen on a day."""
    promise = promise_of(library.load("hopital_pass_modele"), right, urgent=urgent)
    owed, rule = promised(promise, found, on=on, departement="42"), rule_for(right, found.received)
    due = Due(found, promise, owed, rule, legal(rule, found, departement="42"))
    return dials(due, Application(right=right, urgent=urgent, **row), on=on)


def test_an_urgent_ame_shows_its_two_readings() -> None:
    promise, law = drawn("ame", course(received=RECEIVED, complete=date(2026, 3, 4)), urgent=True)
    assert promise.badge is not None
    why = promise.badge.explanation
    assert why is not None
    assert promise.badge.date_text == "12/03/2026"  # from the reception: the earliest
    assert [one.outcome.replace("\xa0", " ") for one in why.readings] == ["12 mars 2026", "14 mars 2026"]
    assert why.fact.startswith("Réception par la caisse, le 2")
    assert "sans report" in why.rule
    assert law.badge is not None
    assert law.facts[0].text == "Le silence vaut refus"


def test_a_c2s_completed_later_has_no_promise_but_a_mark() -> None:
    promise, law = drawn("c2s", course(received=RECEIVED, complete=date(2026, 3, 9)))
    assert promise.badge is None
    assert "complets dès leur réception" in promise.says
    (mark,) = promise.marks
    assert mark.replace("\xa0", " ").startswith("Repère, sans engagement : 9 avril 2026 (usage")
    assert law.badge is not None
    assert law.facts[0].text == "Le silence vaut accord"


def test_a_missing_piece_stops_both_and_says_so() -> None:
    asked = (Request(date(2026, 3, 3)),)
    promise, law = drawn("ame", course(received=RECEIVED, requests=asked))
    assert (promise.badge, law.badge) == (None, None)
    assert "tant que le dossier n’est pas complet" in promise.says
    assert law.says.startswith("Suspendu")
    assert drawn("c2s", course(received=RECEIVED, requests=asked))[1].says.startswith("Il court dès")


@pytest.mark.parametrize(
    ("right", "says"), [("puma", "ne promet aucun délai"), ("carte_vitale", "un délai moyen")]
)
def test_what_is_not_promised_is_said(right: str, says: str) -> None:
    promise, law = drawn(right, course(received=RECEIVED))
    assert says in promise.says
    assert law.says == "La loi ne donne aucun délai pour ce droit."
    assert len(promise.marks) == (right == "carte_vitale")


@pytest.mark.parametrize(
    ("decided", "words", "of_the_law"),
    [
        (date(2026, 3, 20), "Tenu", "Tenu"),
        (date(2026, 4, 20), "Dépassé", "Tenu"),
        (date(2026, 6, 20), "Dépassé", "Dépassé"),
    ],
)
def test_a_decision_keeps_each_clock_or_not(decided: date, words: str, of_the_law: str) -> None:
    found = course(received=RECEIVED, complete=RECEIVED, decided=decided)
    shown = drawn("ame", found, on=decided, decided_on=decided)
    texts = [dial.badge.text for dial in shown if dial.badge]
    assert [text.partition(" :")[0] for text in texts] == [words, of_the_law]


def test_a_withdrawn_one_runs_no_more_and_a_silence_is_told() -> None:
    found = course(received=RECEIVED, complete=RECEIVED)
    assert [dial.badge.text for dial in drawn("ame", found, closed_at=now()) if dial.badge] == [
        "Ne court plus"
    ] * 2
    _, law = drawn("ame", found, on=date(2026, 6, 1), lapsed_on=date(2026, 5, 5))
    assert law.badge is not None
    assert law.badge.text == "Passé sans décision le 05/05/2026"
