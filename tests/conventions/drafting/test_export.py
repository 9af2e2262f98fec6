"""A convention as a document: every article cited, every blank a place to fill, every option in its box, in both forms."""

import io
import re
from collections.abc import Iterable, Iterator

import docx
import pytest

from maillage.conventions import library
from maillage.conventions.drafting.export import compose, convention_docx, convention_pdf
from maillage.conventions.drafting.export.articles import articles_of, heading_of
from maillage.conventions.drafting.export.words import names_of
from maillage.conventions.terms import Terms, terms_data
from maillage.conventions.terms.filling import draw, drop, fill
from maillage.documents.composition import Block, Composition, Line, Part

NAMES = sorted(library.names())


def loaded(name: str) -> Terms:
    return library.load(name)


def lines(parts: Iterable[Part]) -> Iterable[Line]:
    for part in parts:
        for block in part.blocks:
            yield from lines_of(block)


def lines_of(block: Block) -> Iterable[Line]:
    for row in getattr(block, "rows", ()):
        yield from row
    yield from getattr(block, "items", ())
    if hasattr(block, "line"):
        yield block.line


def words_of(composition: Composition) -> str:
    heads = [one for party in composition.parties for one in (party.name, *party.lines)]
    signed = [one for block in composition.signatures for one in (block.party, *block.lines)]
    every = [*heads, *lines(composition.parts), *composition.closing, *signed, *lines(composition.annexes)]
    return "\n".join("".join(f"[{run.asked}]" if run.asked else run.text for run in line) for line in every)


def questions(data: object) -> Iterator[str]:
    if isinstance(data, dict):
        if "blank" in data:
            yield data["asked"]
        data = list(data.values())
    if isinstance(data, list):
        for one in data:
            yield from questions(one)


@pytest.mark.parametrize("name", NAMES)
def test_every_clause_of_the_library_is_said_and_every_blank_is_a_place_to_fill(name: str) -> None:
    terms = loaded(name)
    composition = compose(terms)
    said = words_of(composition).replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")
    for owed in [*(one.what for one in terms.commitments), *(one.what for one in terms.obligations)]:
        assert owed[:40].replace("’", "'") in said
    for service in terms.services:
        assert service.label.replace("’", "'") in said, service.key
    missing = {
        asked for asked in questions(terms_data(terms)) if f"[{asked.replace('’', chr(39))}" not in said
    }
    assert missing == set()
    assert "Blank(" not in said
    assert "blank=" not in said


@pytest.mark.parametrize("name", NAMES)
def test_articles_follow_the_order_of_the_text(name: str) -> None:
    terms = loaded(name)
    numbers = [
        tuple(int(part) for part in one.name.split("."))
        for one in articles_of(terms, names_of(terms, {}))
        if one.name.replace(".", "").isdigit()
    ]
    assert numbers == sorted(numbers)
    assert len(numbers) == len(set(numbers))


def test_both_forms_say_the_same_in_the_same_order() -> None:
    _both_forms_say_the_same("hopital_pass_modele")


@pytest.mark.long
@pytest.mark.parametrize("name", NAMES)
def test_both_forms_of_each_text_say_the_same_in_the_same_order(name: str) -> None:
    """All five texts, where test_both_forms_say_the_same_in_the_same_order sets the model, with most blanks and options."""
    _both_forms_say_the_same(name)


def _both_forms_say_the_same(name: str) -> None:
    terms = loaded(name)
    composition = compose(terms)
    assert convention_pdf(terms).startswith(b"%PDF-1.7")
    document = docx.Document(io.BytesIO(convention_docx(terms)))
    headings = [
        one.text for one in document.paragraphs if one.style and str(one.style.name).startswith("Heading")
    ]
    expected = [part.title for part in (*composition.parts, *composition.annexes)]
    assert [one for one in headings if one in expected] == [one for one in expected if one in headings]
    assert set(expected) <= set(headings)


def test_the_notice_counts_what_is_left_and_leaves_with_the_draft() -> None:
    terms = loaded("hopital_pass_modele")
    notice = compose(terms).notice
    assert notice.startswith("Projet\u00a0: ")
    assert "blancs à remplir" in notice
    assert compose(terms, final=True).notice == ""


def test_a_filled_blank_is_said_and_no_more_asked() -> None:
    terms = loaded("hopital_pass_modele")
    filled = fill(terms, "parties[hospital].name", "Centre hospitalier d'Exemple")
    assert "[Nom de l’établissement de santé]" in words_of(compose(terms))
    assert "Centre hospitalier d’Exemple" in words_of(compose(filled))
    assert "[Nom de l’établissement de santé]" not in words_of(compose(filled))


def test_the_organisation_behind_a_party_stands_for_its_name() -> None:
    composition = compose(loaded("hopital_pass_modele"), bodies={"hospital": "CH d'Exemple"})
    assert composition.parties[2].name[0].text == "CH d’Exemple"


def test_the_text_drawn_from_is_named_without_its_hash() -> None:
    drawn = draw(loaded("hopital_pass_modele"), id="essai", title="Essai")
    model = next(part for part in compose(drawn).parts if part.title == "Modèle")
    said = "".join(run.text for line in lines([model]) for run in line)
    assert said.startswith("Elle est tirée de\u00a0: ")
    assert not re.search("[0-9a-f]{12}", said)


def test_what_a_commitment_adds_is_said_in_sentences() -> None:
    path = "commitments[seuils_alerte].terms_of_use"
    said = words_of(compose(fill(loaded("hopital_pass_modele"), path, "15 jours")))
    [line] = [one for one in said.splitlines() if "pour faire le point" in one]
    assert line.endswith(
        "des situations ou des blocages, une fois. Modalités convenues\u00a0: 15\u00a0jours."
    )
    assert "Deux fois l’an." in words_of(
        compose(fill(loaded("hopital_pass_modele"), path, "Deux fois l'an."))
    )
    assert "l’an.." not in words_of(compose(fill(loaded("hopital_pass_modele"), path, "Deux fois l'an.")))


def test_the_places_to_sign_stay_together() -> None:
    terms = loaded("hopital_pass_modele")
    document = docx.Document(io.BytesIO(convention_docx(terms)))
    [table] = [one for one in document.tables if "Signature et cachet" in one.cell(0, 0).text]
    for row in table.rows[:-1]:
        assert all(one.paragraph_format.keep_with_next for cell in row.cells for one in cell.paragraphs)


def test_a_dropped_option_leaves_the_text_and_an_open_one_has_its_box() -> None:
    terms = loaded("hopital_pass_modele")
    said = words_of(compose(terms))
    assert "☐\u00a0Agent de la caisse délégué" in said
    assert "Agent de la caisse délégué" not in words_of(compose(drop(terms, "services[agent_delegue]")))


def test_an_exit_of_each_text_is_a_sentence_with_its_delay() -> None:
    assert "avec un préavis de 2\u00a0mois" in words_of(compose(loaded("prado_maternite_2016")))
    assert "dans un délai de 3\u00a0mois avant la date anniversaire" in words_of(
        compose(loaded("hopital_pass_modele"))
    )
    assert "restée sans effet pendant 15\u00a0jours compté de l’envoi" in words_of(
        compose(loaded("ccas_montbrison_2024"))
    )
    assert "notamment" in words_of(compose(loaded("cnsa_2016_2019")))


def test_headings_say_what_their_article_holds() -> None:
    terms = loaded("ccas_montbrison_2024")
    headings = [heading_of(one) for one in articles_of(terms, names_of(terms, {}))]
    assert "Article 9.2 – Renouvellement" in headings
    assert "Article 2 – Public concerné" in headings


def test_a_framework_shows_the_local_template_that_it_carries() -> None:
    framework = next(loaded(name) for name in NAMES if loaded(name).local_template is not None)
    titles = [(part.level, part.title) for part in compose(framework).parts]
    assert framework.local_template is not None
    place = next(number for number, (level, _) in enumerate(titles) if level == 2)
    assert titles[place - 1][0] == 1
    assert all(level == 2 for level, _ in titles[place:])
