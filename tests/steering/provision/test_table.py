"""A triangle read from a table, and the text of the page read back the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.spreadsheets.tables import Unreadable
from maillage.core.spreadsheets.writing import csv_file, xlsx
from maillage.steering.provision.table import read_triangle

TITLES = ["Année", "Fin d’année", "1 an après", "2 ans après"]
ROWS = [("2023", "1 000", "1 200,50", "1 230"), ("2024", "1 100", "1 300", ""), ("2025", "1 050", "", "")]
CELLS = ((100_000, 120_050, 123_000), (110_000, 130_000, None), (105_000, None, None))


@pytest.mark.parametrize("data", [csv_file(TITLES, ROWS), xlsx("Paiements", TITLES, ROWS)])
def test_a_table_reads_as_its_cells_in_cents(data: bytes) -> None:
    read = read_triangle(data)
    assert (read.first, read.rows, read.faults) == (2023, CELLS, ())
    again = read_triangle(read.text.encode())
    assert (again.first, again.rows) == (read.first, read.rows)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (("2024", "x", "1", ""), "Ligne 3, colonne 2"),
        (("2026", "1", "1", ""), "se suivent"),
        (("24", "1", "1", ""), "écrivez l’année"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(row: tuple[str, ...], told: str) -> None:
    assert told in " ".join(read_triangle(csv_file(TITLES, [ROWS[0], row])).faults)


@pytest.mark.parametrize("data", [b"", b"Mois;1;2\n1;2;3\n", b"%PDF-1.4", b"\xff" * 30])
def test_what_is_no_triangle_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        read_triangle(data)


@given(st.binary(max_size=200))
def test_nothing_breaks_it(data: bytes) -> None:
    try:
        found = read_triangle(b"Annee;0;1\n" + data)
    except Unreadable:
        return
    assert isinstance(found.text, str)
