"""A change of referent is told by letter to each other party, without avenant (S3 art. 4)."""

from dataclasses import replace
from datetime import date

from maillage.conventions.referents.letter import ReferentChange, change_letter, change_pdf
from maillage.documents.composition import Paragraph, Table
from maillage.documents.letters import Correspondent

CHANGE = ReferentChange(
    convention="Convention locale d'Exemple",
    article="4",
    sender=Correspondent("CPAM d'Exemple", ("1 rue d'Exemple",)),
    addressee=Correspondent("CCAS de Villexemple"),
    level="local",
    function="Chargée de mission",
    since=date(2026, 3, 1),
    written_on=date(2026, 2, 20),
    mailbox="partenaires@cpam.example.org",
)


def test_the_letter_gives_the_function_the_box_and_the_day() -> None:
    letter = change_letter(CHANGE)
    opening = letter.body[1]
    assert isinstance(opening, Paragraph)
    assert "l’article 4 de la convention" in opening.line[0].text
    assert "1er\u00a0mars\u00a02026" in opening.line[0].text
    table = letter.body[2]
    assert isinstance(table, Table)
    cells = {row[0][0].text: row[1][0] for row in table.rows}
    assert cells["Fonction"].text == "Chargée de mission"
    assert cells["Adresse générique"].text == "partenaires@cpam.example.org"
    assert cells["Téléphone"].asked == "Téléphone"
    assert letter.place_and_date[0].asked == "Lieu"


def test_a_first_referent_is_named_and_only_a_successor_is_a_change() -> None:
    for former, subject, said in (
        ("", "désignation du référent", "a un référent à compter"),
        ("Ancienne", "changement de référent", "change de référent à compter"),
    ):
        letter = change_letter(replace(CHANGE, former_function=former))
        opening = letter.body[1]
        assert letter.subject == subject
        assert isinstance(opening, Paragraph)
        assert said in opening.line[0].text


def test_the_letter_is_a_pdf_whose_metadata_name_nobody() -> None:
    pdf = change_pdf(CHANGE)
    assert b"/StructTreeRoot" in pdf
    assert b"Exemple" not in pdf


def test_a_hand_over_is_told_with_its_last_day() -> None:
    said = change_letter(replace(CHANGE, former_function="Ancienne", handover_until=date(2026, 3, 31)))
    table, closing = said.body[2], said.body[3]
    assert isinstance(table, Table)
    assert isinstance(closing, Paragraph)
    assert [row[1][0].text for row in table.rows][-1] == "jusqu’au 31\u00a0mars\u00a02026 inclus"
    assert "reste joignable lui aussi" in closing.line[0].text
    without = change_letter(replace(CHANGE, former_function="Ancienne")).body[3]
    assert isinstance(without, Paragraph)
    assert "joignable" not in without.line[0].text


def test_an_end_without_a_successor_is_told_with_its_last_day() -> None:
    said = change_letter(replace(CHANGE, former_function="Ancienne", ends_on=date(2026, 3, 31)))
    opening, table, closing = said.body[1:4]
    assert said.subject == "fin de fonction du référent"
    assert isinstance(opening, Paragraph)
    assert "n’a plus de référent" in opening.line[0].text
    assert "à compter du 1er\u00a0avril\u00a02026" in opening.line[0].text
    assert isinstance(table, Table)
    assert table.head[1] == "Jusqu’au 31\u00a0mars\u00a02026"
    assert "Succède à" not in {row[0][0].text for row in table.rows}
    assert isinstance(closing, Paragraph)
    assert "dès qu’il sera désigné" in closing.line[0].text
