"""Dates, numbers, typography and acronyms as French readers expect them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.holidays import TIME_ZONES
from maillage.web.presentation import dates, numbers
from maillage.web.presentation.glossary import ACRONYMS, acronym, explained
from maillage.web.presentation.tones import Tone, due_tone
from maillage.web.presentation.typography import NARROW_NBSP, NBSP, typeset

ON = date(2025, 2, 1)


def test_a_date_in_text_is_written_out_and_never_broken() -> None:
    assert dates.long_date(date(2024, 11, 14)) == f"14{NBSP}novembre{NBSP}2024"


def test_the_first_of_a_month_is_an_ordinal() -> None:
    assert dates.long_date(date(2025, 2, 1)) == f"1er{NBSP}février{NBSP}2025"


def test_a_date_in_a_table_has_eight_digits() -> None:
    assert dates.short_date(date(2025, 3, 2)) == "02/03/2025"


def test_an_instant_is_said_at_the_hour_of_paris() -> None:
    late = datetime(2024, 12, 31, 23, 30, tzinfo=UTC)
    assert dates.long_instant(late) == f"1er{NBSP}janvier{NBSP}2025 à 0{NBSP}h{NBSP}30"
    assert dates.short_date(late) == "01/01/2025"
    assert dates.short_instant(late) == f"01/01/2025 0{NBSP}h{NBSP}30"


def test_a_weekday_and_a_month_are_named() -> None:
    assert dates.weekday_date(date(2024, 11, 14)) == f"jeudi{NBSP}14{NBSP}novembre{NBSP}2024"
    assert dates.month_year(date(2024, 11, 14)) == f"novembre{NBSP}2024"


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "aujourd’hui"),
        (1, "demain"),
        (3, f"dans 3{NBSP}jours"),
        (-1, f"en retard d’un{NBSP}jour"),
        (-2, f"en retard de 2{NBSP}jours"),
    ],
)
def test_a_due_date_says_how_far_it_is(days: int, words: str) -> None:
    assert dates.due_in(ON + timedelta(days=days), ON) == words


@pytest.mark.parametrize(
    ("days", "words"), [(-1, "hier"), (-3, f"il y a 3{NBSP}jours"), (2, f"dans 2{NBSP}jours")]
)
def test_any_other_day_says_how_far_it_is(days: int, words: str) -> None:
    assert dates.distance(ON + timedelta(days=days), ON) == words


def test_a_period_without_end_only_says_its_start() -> None:
    assert dates.between(ON, None) == f"depuis le 1er{NBSP}février{NBSP}2025"
    assert dates.between(ON, ON).startswith("du 1er")


@given(st.dates(), st.dates())
def test_a_date_is_late_exactly_when_it_has_passed(due_on: date, on: date) -> None:
    assert (due_tone(due_on, on) is Tone.LATE) == (due_on < on)
    assert dates.due_in(due_on, on).startswith("en retard") == (due_on < on)


def test_numbers_have_a_comma_and_their_thousands_apart() -> None:
    assert numbers.number(1234.5, 1) == f"1{NARROW_NBSP}234,5"
    assert numbers.number(-3) == "\u22123"
    assert numbers.number(Decimal("0.5")) == "1"
    assert numbers.number(-0.2) == "0"


def test_a_share_is_a_percentage_with_its_space() -> None:
    assert numbers.percent(0.1255) == f"12,6{NBSP}%"
    assert numbers.percent(Decimal(1), 0) == f"100{NBSP}%"


@pytest.mark.parametrize(("count", "words"), [(0, "0 convention"), (1, "1 convention"), (2, "2 conventions")])
def test_a_plural_begins_at_two(count: int, words: str) -> None:
    assert numbers.counted(count, "convention") == words.replace(" ", NBSP)


def test_an_irregular_plural_is_given() -> None:
    assert numbers.plural(2, "avenant à signer", "avenants à signer") == "avenants à signer"


@pytest.mark.parametrize(
    ("size", "words"), [(1, "1 octet"), (850, "850 octets"), (12_300, "12 ko"), (1_400_000, "1,4 Mo")]
)
def test_a_file_has_a_size_in_words(size: int, words: str) -> None:
    assert numbers.file_size(size) == words.replace(" ", NBSP)


def test_a_french_telephone_number_goes_by_twos_and_anything_else_is_left_alone() -> None:
    for typed in ("0612345678", "06 12 34 56 78", "06.12.34.56.78", "06-1234-5678"):
        assert numbers.phone(typed) == "06 12 34 56 78".replace(" ", NBSP)
    for other in ("", "3646", "+262 262 00 00 00", "06 12 34 56 78 (poste 2)", "٠٦١٢٣٤٥٦٧٨"):
        assert numbers.phone(other) == other


def test_a_siret_is_cut_as_on_paper_and_anything_else_left_alone() -> None:
    assert numbers.siret("12345678900012") == "123 456 789 00012".replace(" ", NBSP)
    assert numbers.siret("1234") == "1234"


@pytest.mark.parametrize(
    ("raw", "typed"),
    [
        ("l'accord", "l’accord"),
        ("« dans les 3 mois »", f"«{NBSP}dans les 3{NBSP}mois{NBSP}»"),
        ("Pourquoi cette date ?", f"Pourquoi cette date{NARROW_NBSP}?"),
        ("À noter : rien", f"À noter{NBSP}: rien"),
        ("de 9:30 à https://exemple.example.org", "de 9:30 à https://exemple.example.org"),
        ("12,5 %", f"12,5{NBSP}%"),
    ],
)
def test_spaces_that_must_not_break_do_not(raw: str, typed: str) -> None:
    assert typeset(raw) == typed


@given(st.text())
def test_typesetting_twice_changes_nothing_more(text: str) -> None:
    assert typeset(typeset(text)) == typeset(text)


def test_an_acronym_is_explained_once_and_only_as_a_whole_word() -> None:
    text = explained("La CPAM, puis la CPAM ; le CCASX et le pré-PASS.")
    assert text.count("<abbr") == 1
    assert 'title="Caisse primaire d’assurance maladie"' in text


def test_the_longest_acronym_wins() -> None:
    assert explained("C2SP").count(ACRONYMS["C2SP"]) == 1


def test_an_unknown_acronym_stays_as_it_is() -> None:
    assert acronym("<XYZ>") == "&lt;XYZ&gt;"


def test_every_clock_of_an_organisation_has_a_place() -> None:
    assert {dates.zone_place(zone) for zone in TIME_ZONES} >= {"Paris", "La Réunion", "Nouvelle-Calédonie"}
    assert not any("/" in dates.zone_place(zone) for zone in TIME_ZONES)


@given(st.text())
def test_what_someone_wrote_is_never_markup(text: str) -> None:
    assert "<script" not in explained(text + "<script>CPAM").replace("&lt;script", "")


def test_words_written_in_a_template_are_typeset_and_markup_is_left_alone() -> None:
    page = "{% load maillage %}{% page_header 'Page' lead='Elle-même : rien' %}{{ kept|typeset }}"
    drawn = Template(page).render(Context({"kept": mark_safe("<b class='a : b'>oui ?</b>")}))
    assert f"Elle-même{NBSP}: rien" in drawn
    assert "<b class='a : b'>oui ?</b>" in drawn
