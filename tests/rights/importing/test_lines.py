"""A partner's table of applications: her titles, her lines, what is wrong with each, and what makes two lines one application."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.spreadsheets.reading import read_table
from maillage.core.spreadsheets.tables import Row, Value
from maillage.core.text import words_key
from maillage.rights.declared.rights import rights
from maillage.rights.importing.columns import COLUMNS, DERIVED, LABELS, guessed, known_titles
from maillage.rights.importing.doubles import Doubles, line_key
from maillage.rights.importing.lines import WHOLE, Line, Under, read_line, told

ON = date(2026, 11, 26)
UNDER = Under(
    on=ON,
    departement="42",
    rights=("ame", "c2s", "puma"),
    handed_to={
        "hospital": "À l’hôpital",
        "association": "À une association habilitée",
        "caisse": "À l’accueil de la caisse",
    },
    proofs={"ame": {"certificat": "Certificat médical", "bulletin": "Bulletin d’hospitalisation"}},
)
HEADER = [column.label for column in COLUMNS]
MAPPING = guessed(HEADER)
KEY = bytes(32)
AME = {
    "right": "AME", "surname": "Durand", "given_name": "Awa", "birth_date": "28/02/1990", "handed_on": "20/11/2026",
    "handed_to": "hôpital", "phone": "06 12 34 56 78", "first_request": "oui", "urgent": "Oui", "proof": "certificat médical",
    "resources": "non", "reference": "A-12",
}  # fmt: skip


def row(**cells: Value) -> Row:
    said = {**AME, **cells}
    return Row(2, tuple(said.get(column.field, "") for column in COLUMNS))


def faults(**cells: Value) -> dict[str, str]:
    line, found = read_line(row(**cells), MAPPING, UNDER)
    assert (line is None) == bool(found)
    return found


def read(**cells: Value) -> Line:
    line, found = read_line(row(**cells), MAPPING, UNDER)
    assert line is not None, found
    return line


def test_an_urgent_application_is_read_whole() -> None:
    line = read()
    assert (line.right, line.urgent, line.proof, line.handed_to, line.reference) == (
        "ame",
        True,
        "certificat",
        "hospital",
        "A-12",
    )
    assert (line.person.full_name, line.person.birth_date, line.handed_on) == (
        "DURAND Awa",
        date(1990, 2, 28),
        date(2026, 11, 20),
    )
    assert line.answers == {"first_request": True, "resources": False, "minor": False}


def test_what_a_spreadsheet_made_of_the_cells_is_understood() -> None:
    line = read(
        birth_date=date(2015, 1, 2), handed_on=Decimal(46340), phone=Decimal(612345678), first_request=True, urgent=False,
        reference=Decimal(12), right="Aide medicale de l'Etat",
    )  # fmt: skip
    assert (line.person.birth_date, line.handed_on) == (date(2015, 1, 2), date(2026, 11, 14))
    assert (line.person.phone, line.reference, line.urgent, line.proof) == ("0612345678", "12", False, "")
    assert line.answers["minor"] is True


@pytest.mark.parametrize(
    ("cells", "field", "said"),
    [
        ({"right": ""}, "right", "Écrivez le droit"),
        ({"right": "RSA"}, "right", "« RSA » n’est pas un droit connu"),
        ({"right": "Carte Vitale", "urgent": "", "proof": ""}, "right", "ne permet pas"),
        ({"surname": " "}, "surname", "Écrivez le nom"),
        ({"surname": "x" * 101}, "surname", "100 caractères"),
        ({"birth_date": "27/11/2026"}, "birth_date", "dans l’avenir"),
        ({"birth_date": "28/02/90"}, "birth_date", "quatre chiffres"),
        ({"birth_date": ""}, "birth_date", "Écrivez une date"),
        ({"handed_on": "27/11/2026"}, "handed_on", "dans l’avenir"),
        ({"handed_on": "20/11/2024"}, "handed_on", "plus d’un an"),
        ({"handed_on": "bientôt"}, "handed_on", "Écrivez une date"),
        ({"handed_to": ""}, "handed_to", "en main propre"),
        ({"handed_to": "à la gare"}, "handed_to", "association habilitée"),
        ({"first_request": ""}, "first_request", "oui ou non"),
        ({"first_request": "peut-être"}, "first_request", "oui ou non"),
        ({"urgent": ""}, "urgent", "Une preuve"),
        ({"proof": ""}, "proof", "Certificat médical ; Bulletin"),
        ({"proof": "une lettre"}, "proof", "Certificat médical"),
        ({"right": "C2S"}, "urgent", "ne prévoit pas d’urgence"),
        ({"phone": ""}, "phone", "au moins une façon"),
        ({"phone": "bip"}, "phone", "en chiffres"),
        ({"email": "a@b"}, "email", "adresse complète"),
        ({"nir": "190027512345600"}, "nir", "sa clé"),
        ({"language": "klingon"}, "language", "liste"),
        ({"amount": "beaucoup"}, "amount", "montant"),
        ({"amount": "-3"}, "amount", "montant"),
        ({"reference": "x" * 61}, "reference", "60 caractères"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(cells: dict[str, str], field: str, said: str) -> None:
    assert said in faults(**cells)[field]


def test_a_table_of_one_right_needs_no_column_that_says_it() -> None:
    places = {field: place for field, place in MAPPING.places.items() if field != "right"}
    assert type(MAPPING)(places).missing() == ("droit",)
    assert type(MAPPING)(places).missing(given=["right"]) == ()
    line, _ = read_line(row(), type(MAPPING)(places), replace(UNDER, right="ame"))
    assert line is not None
    assert line.right == "ame"
    assert read_line(row(right="zzz"), MAPPING, replace(UNDER, right="ame"))[1].keys() == {"right"}


@pytest.mark.parametrize(
    ("said", "euros"),
    [("1 234,50 €", 1235), ("1234.49", 1234), (Decimal("9000.4"), 9000), ("", None)],
)
def test_the_amount_of_her_resources_is_read_in_whole_euros(said: Value, euros: int | None) -> None:
    assert read(amount=said).resources == euros
    assert guessed(["Montant des ressources"]).places == {"amount": 0}


@pytest.mark.parametrize(
    ("said", "read_as"),
    [("612345678", "0612345678"), ("0612345678", "0612345678"), ("+33612345678", "+33612345678")],
)
def test_a_telephone_that_lost_its_first_zero_in_a_csv_finds_it_again(said: str, read_as: str) -> None:
    assert read(phone=said).person.phone == read_as


def test_a_right_that_the_departement_has_not_is_refused() -> None:
    _, found = read_line(row(), MAPPING, replace(UNDER, departement="976"))
    assert found["right"] == "Ce droit n’existe pas dans ce département."


def test_everything_that_is_wrong_is_said_at_once() -> None:
    found = faults(surname="", birth_date="x", handed_on="", phone="")
    assert set(found) == {"surname", "birth_date", "handed_on", "phone"}
    assert told(found)[0].startswith("nom : ")
    assert told({WHOLE: "Tout."}) == ["Tout."]


def test_a_renewal_and_another_right_need_no_handing_over() -> None:
    assert read(first_request="non", handed_to="").handed_to == ""
    line = read(right="Complémentaire santé solidaire", urgent="", proof="", handed_to="", first_request="")
    assert (line.right, "minor" in line.answers) == ("c2s", False)


def test_a_fault_of_a_cell_is_that_of_its_field_and_a_column_of_no_use_has_none() -> None:
    place = MAPPING.places["surname"]
    _, found = read_line(replace(row(), faults={place: "la formule", 99: "autre"}), MAPPING, UNDER)
    assert found == {"surname": "La formule."}
    assert read_line(replace(row(), fault="Trop longue."), MAPPING, UNDER) == (None, {WHOLE: "Trop longue."})


def test_every_title_is_understood_and_means_one_thing() -> None:
    titles = [
        words_key(title)
        for column in COLUMNS
        for title in {*map(words_key, column.titles), words_key(column.label)}
    ]
    assert len(set(titles)) == len(titles)
    for column in COLUMNS:
        for title in (*column.titles, column.label):
            assert guessed([f" {title.upper().replace(' ', '_')} "]).places == {column.field: 0}
    asked = {key for right in rights().values() for key in right.questions}
    assert asked - DERIVED == LABELS.keys() & asked


def test_the_mapping_is_remembered_by_titles() -> None:
    header = ["Patronyme", "Prénom", "Prénoms", "", "Observations"]
    first = guessed(header)
    assert first.places == {"given_name": 1}
    assert first.missing() == ("droit", "nom", "date de naissance", "date de dépôt")
    assert first.ignored(header) == ("Patronyme", "Prénoms", "Observations")
    chosen = replace(first, places={"surname": 0, "given_name": 2})
    again = guessed(["Observations", "PRENOMS", "prénom", "patronyme"], chosen.remembered(header))
    assert again.places == {"given_name": 1, "surname": 3}
    assert guessed(["Nom"], {"nom": "a_field_that_is_no_more"}).places == {}


def test_a_line_sent_again_is_the_same_and_another_is_not() -> None:
    first = read(reference="")
    same = read(
        reference="",
        surname="DURAND",
        given_name="Àwa",
        birth_date="1990-02-28",
        phone="0102030405",
        urgent="non",
    )
    assert line_key(first, key=KEY) == line_key(same, key=KEY)
    for other in (
        {"surname": "Durant"}, {"given_name": "Aya"}, {"birth_date": "27/02/1990"}, {"handed_on": "19/11/2026"},
        {"right": "PUMa", "urgent": "", "proof": ""},
    ):  # fmt: skip
        assert line_key(read(reference="", **other), key=KEY) != line_key(first, key=KEY)
    assert line_key(first, key=bytes(31) + b"1") != line_key(first, key=KEY)
    assert line_key(read(), key=KEY) == line_key(read(surname="Autre"), key=KEY)


def test_two_lines_of_one_file_for_one_application_are_said() -> None:
    doubles = Doubles(key=KEY)
    assert doubles.problems(read()) == {}
    assert doubles.problems(replace(read(), line=3)) == {
        "reference": "La ligne 2 a déjà cette référence.",
        "right": "La ligne 2 demande déjà ce droit pour cette personne.",
    }
    assert set(doubles.problems(replace(read(reference="", handed_on="19/11/2026"), line=4))) == {"right"}
    assert doubles.problems(replace(read(reference="", given_name="Aya"), line=5)) == {}


def test_a_file_goes_from_its_bytes_to_its_applications() -> None:
    text = "Prestation;NOM;Prénom;Née le;Déposé le;Courriel\nC2S;Durand;Awa;28/02/1990;20/11/2026;awa@example.org\nC2S;;;;;\n"
    table = read_table(text.encode("cp1252"), known=known_titles)
    mapping = guessed(table.header)
    assert mapping.missing() == ()
    (good, none), (wrong, found) = (read_line(one, mapping, UNDER) for one in table.rows())
    assert (good and good.person.email, none, wrong) == ("awa@example.org", {}, None)
    assert set(found) == {"surname", "given_name", "birth_date", "handed_on", "phone"}


@given(
    st.lists(
        st.one_of(
            st.text(max_size=20),
            st.dates(),
            st.booleans(),
            st.decimals(allow_nan=False),
            st.sampled_from([*AME.values()]),
        ),
        min_size=len(COLUMNS),
        max_size=len(COLUMNS),
    )
)
def test_no_cells_break_a_line(cells: list[Value]) -> None:
    line, found = read_line(Row(2, tuple(cells)), MAPPING, UNDER)
    assert (line is None) == bool(found)
    assert all(told(found))
    assert line is None or line.handed_on <= ON
