"""A table of figures: read whatever wrote it, each line judged before anything is written, the text of the page read back the same."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.spreadsheets.tables import Unreadable
from maillage.core.spreadsheets.writing import csv_file, xlsx
from maillage.steering.credits.lines import LABELS, Judged, Outcome, judge, month_of, read_lines

ON = date(2026, 4, 15)
KNOWN = {("personnes agees", 2026, 1): 100_00, ("personnes agees", 2026, 0): 5_000_00}
TITLES = list(LABELS.values())


def judged(*rows: tuple[str, ...]) -> list[Judged]:
    return list(judge(read_lines(csv_file(TITLES, rows)).lines, KNOWN, ["Personnes âgées"], ON))


def line(
    month: str = "2",
    amount: str = "120,50",
    *,
    year: str = "2026",
    name: str = "Personnes âgées",
    reason: str = "",
) -> tuple[str, ...]:
    return name, year, month, amount, "état", reason


def test_each_line_says_what_it_would_do() -> None:
    found = judged(
        line(), line("janvier", "100"), line("1er", "5"), line("objectif", "6 000", reason="Rectifié")
    )
    assert [one.outcome for one in found] == [Outcome.NEW, Outcome.SAME, Outcome.WRONG, Outcome.CORRECTION]
    assert found[0].line.cents == 12_050
    assert found[3].before == 5_000_00


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (line("13"), "Mois"),
        (line("mai"), "n’a pas commencé"),
        (line(amount="abc"), "Montant"),
        (line(year="26"), "Année"),
        (line(year="1999"), "Année"),
        (line(name="Autre"), "aucune ne s’appelle"),
        (line(name=" "), "Nommez l’enveloppe"),
        (line("janvier", "101"), "Motif"),
        (line("objectif", "0", year="2025"), "positif"),
        (line(amount="1.234"), "Montant"),
    ],
)
def test_what_is_wrong_is_said_in_french(row: tuple[str, ...], told: str) -> None:
    (found,) = judged(row)
    assert found.outcome is Outcome.WRONG
    assert told in " ".join(found.faults)


def test_the_same_month_twice_is_wrong_twice() -> None:
    found = judged(line(), line("février", "130"))
    assert [one.outcome for one in found] == [Outcome.WRONG] * 2
    assert "ligne 3" in found[0].faults[0]
    assert "ligne 2" in found[1].faults[0]


def test_a_workbook_reads_as_its_text() -> None:
    rows = [line(), line("mars", "1 234 567,89")]
    assert read_lines(xlsx("Crédits", TITLES, rows)).lines == read_lines(csv_file(TITLES, rows)).lines


def test_a_table_without_its_columns_is_refused_with_their_names() -> None:
    with pytest.raises(Unreadable, match="Mois, Montant"):
        read_lines(b"Enveloppe;Annee\nx;2026\n")


@pytest.mark.parametrize("data", [b"", b"\0", b"%PDF-1.7", b"\xff" * 40])
def test_what_is_no_table_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        read_lines(data)


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn", "Zl", "Zp"]), max_size=12)


@given(st.lists(st.tuples(*[CELLS] * 6), min_size=1, max_size=5))
def test_the_text_of_the_page_is_read_back_the_same(rows: list[tuple[str, ...]]) -> None:
    read = read_lines(csv_file(TITLES, rows))
    again = read_lines(read.text.encode())
    assert [(one.envelope, one.key, one.cents, one.reason, set(one.faults)) for one in again.lines] == [
        (one.envelope, one.key, one.cents, one.reason, set(one.faults)) for one in read.lines
    ]


def test_a_line_longer_than_the_titles_stays_wrong_in_the_text() -> None:
    read = read_lines(b"Enveloppe;Annee;Mois;Montant\nA;2026;1;1;234\n")
    assert read.lines[0].faults
    assert read_lines(read.text.encode()).lines[0].faults


@pytest.mark.parametrize(
    ("said", "month"), [("1", 1), ("12", 12), ("Août", 8), ("decembre", 12), ("Objectif", 0)]
)
def test_a_month_is_its_number_or_its_name(said: str, month: int) -> None:
    assert month_of(said) == month
