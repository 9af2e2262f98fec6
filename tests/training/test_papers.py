"""The papers of a session: who is on the sheet to sign, whom a certificate names, what a list of certificates holds."""

import json

from maillage.training import papers, queries
from maillage.training.papers import SPARE, About
from maillage.training.states import Place
from tests.referrals.world import member
from tests.training.test_signing_off import coming
from tests.training.world import OFFICER, Taught, held, planned, register


def words(sheet: object) -> str:
    """All that a sheet says."""
    return json.dumps(sheet.as_data(), ensure_ascii=False).replace("\u00a0", " ")  # type: ignore[attr-defined]


def test_the_sheet_to_sign_names_those_with_a_place_then_leaves_lines(taught: Taught) -> None:
    session = planned(taught, capacity=1)
    register(session, "Ondine Modèle")
    register(session, "Zoé Spécimen")  # she waits
    with member(OFFICER) as officer:
        row = queries.session_of(officer, session)
        places = [one for one in queries.places(officer, row) if one.state == Place.REGISTERED]
        sheet = papers.attendance_sheet(About(row, row.organiser.name), places)
    said = words(sheet)
    for expected in (
        "Feuille d’émargement",
        "Ondine Modèle",
        "CCAS, Travailleuse sociale",
        "Salle Exemple",
        "9 h 00",
    ):
        assert expected in said
    assert "Zoé Spécimen" not in said
    [table] = sheet.parts[1].blocks
    assert len(table.rows) == 1 + SPARE  # type: ignore[union-attr]  # a table


def test_a_certificate_names_one_person_and_how_long_it_lasted(taught: Taught) -> None:
    session = held(taught, [("Ondine Modèle", True)], newcomers=coming("Lou Venue"))
    with member(OFFICER) as officer:
        row = queries.session_of(officer, session)
        lines = queries.presences(officer, queries.sign_offs(row)[-1])
        about = About(row, row.organiser.name)
        one = words(papers.certificate(about, next(line for line in lines if line.outcome == "present")))
        everybody = words(papers.certificates(about, lines))
    assert "CPAM de la Loire atteste que Ondine Modèle, Travailleuse sociale (CCAS de Montbrison)" in one
    assert "d’une durée de 3 h" in one
    assert "Lou Venue" not in one
    assert "Lou Venue" in everybody
    assert "CCAS de Montbrison" in everybody
