"""A sheet taken out of Maillage, filled, and brought back: the same answers, the right year, what is wrong line by line."""

from decimal import Decimal

import pytest

from maillage.conventions import library
from maillage.core.spreadsheets.reading import read_table
from maillage.core.spreadsheets.tables import Unreadable
from maillage.core.spreadsheets.writing import csv_file, xlsx
from maillage.indicators.sheets.rules import Said
from maillage.indicators.sheets.template import COLUMNS, Brought, brought, code_of, lines

ASKED = library.load("croix_rouge_cadre_2021").indicators
CODE = code_of(2025, "C-K7QM3X")
SAID = {
    ("convention_signee", ""): Said(Decimal(1)),
    ("convention_absence", ""): Said(words="refus_crf"),
    ("seances_dediees_personnes", ""): Said(Decimal(1234), comment="Avec les bénévoles"),
    ("issues_soins", "succes"): Said(Decimal("62.5")),
    ("issues_soins", "echec"): Said(count=3, over=8),
    ("alerte_points", ""): Said(words="Peu de places."),
}


def filled(code: str = CODE, **changed: str) -> list[list[str]]:
    """The lines of a sheet, the answers of some of them changed."""
    rows = [list(row) for row in lines(ASKED, code, SAID)]
    for row in rows:
        row[5] = changed.get(row[1].replace(".", "__"), row[5])
    return rows


def read(rows: list[list[str]], titles: tuple[str, ...] = COLUMNS) -> list[Brought]:
    return brought(read_table(xlsx("Fiche 2025", titles, rows)), ASKED, CODE)


def test_what_was_taken_out_comes_back_the_same() -> None:
    for data in (xlsx("Fiche 2025", COLUMNS, filled()), csv_file(COLUMNS, filled())):
        found = brought(read_table(data), ASKED, CODE)
        assert not [one for one in found if one.faults]
        assert {one.place: one.said for one in found if one.said != Said()} == SAID
        assert len(found) == len(filled())


def test_last_year_s_sheet_and_another_convention_s_are_refused() -> None:
    with pytest.raises(Unreadable, match="celui de 2024"):
        read(filled(code_of(2024, "C-K7QM3X")))
    with pytest.raises(Unreadable, match="d’une autre convention"):
        read(filled(code_of(2025, "C-AAAAAA")))
    with pytest.raises(Unreadable, match="pas un modèle de fiche"):
        read(filled(), ("Modèle", "Question", *COLUMNS[2:]))


@pytest.mark.parametrize(
    ("key", "typed", "said"),
    [
        ("convention_signee", "peut-être", "oui"),
        ("convention_absence", "Autre chose", "de la liste"),
        ("seances_dediees_personnes", "une douzaine", "Écrivez un nombre"),
        ("seances_dediees_personnes", "12,5", "nombre entier"),
        ("issues_soins__succes", "140", "Plus de 100 %"),
        ("alerte_points", "Voir 06 12 34 56 78", "téléphone"),
    ],
)
def test_what_is_wrong_is_said_on_its_line(key: str, typed: str, said: str) -> None:
    wrong = [one for one in read(filled(**{key: typed})) if one.faults]
    assert [".".join(filter(None, one.place)) for one in wrong] == [key.replace("__", ".")]
    assert said in wrong[0].faults[0]
    assert wrong[0].line == 2 + [row[1] for row in filled()].index(key.replace("__", "."))


def test_a_question_that_is_not_of_the_sheet_is_told_and_an_empty_line_is_nothing() -> None:
    rows = filled()
    rows[0][1] = "smiles"
    found = read([*rows[:1], [""] * len(COLUMNS), *rows[1:]])
    assert [one.faults for one in found if one.faults] == [("Cette question n’est pas dans la fiche.",)]
