"""DOCX: real headings, lists and tables, places to fill highlighted, and nothing that acts or calls."""

import io
import zipfile

import docx
import pytest
from docx.enum.text import WD_COLOR_INDEX

from maillage.documents.composition import (
    Composition,
    Heading,
    Listing,
    Paragraph,
    Part,
    PartyHead,
    SignatureBlock,
    Table,
    blank,
    text,
)
from maillage.documents.word import render_docx
from tests.documents.test_rendering import PAYLOADS, UNDRAWN


def composition(words: str = "Former les équipes") -> Composition:
    return Composition(
        title=f"Convention {words}",
        kind_label="Convention locale",
        notice="Projet : 2 blancs à remplir",
        reference="Empreinte du texte : 0123",
        parties=(
            PartyHead(text("CPAM d’Exemple"), (text("1 rue d’Exemple"),), "d’une part"),
            PartyHead(blank("Nom de l’établissement"), (), "d’autre part"),
        ),
        parts=(
            Part(
                "Article 1 – Engagements",
                (
                    Heading("Formation"),
                    Paragraph(text(words)),
                    Listing((text("un"), text("deux"))),
                    Table("Délais", ("Droit", "Délai"), ((text("C2S"), blank("Délai")),), (2, 1)),
                ),
            ),
        ),
        closing=(text("Fait à Lyon, en 2 exemplaires."),),
        signatures=(
            SignatureBlock(text("CPAM d’Exemple"), (text("Nom :"),)),
            SignatureBlock(text("CCAS"), ()),
        ),
        annexes=(Part("Annexe 1 – Supports", (Paragraph(text("Liste des supports.")),)),),
    )


def opened(data: bytes) -> "docx.document.Document":
    return docx.Document(io.BytesIO(data))


def test_a_draft_opens_with_its_headings_lists_tables_and_places_to_fill() -> None:
    document = opened(render_docx(composition()))
    styles = [(str(one.style.name), one.text) for one in document.paragraphs if one.text and one.style]
    assert ("Title", "Convention Former les équipes") in styles
    headings = [words for style, words in styles if style.startswith("Heading")]
    assert headings == [
        "Entre les soussignés",
        "Article 1 – Engagements",
        "Formation",
        "Signatures",
        "Annexe 1 – Supports",
    ]
    assert [words for style, words in styles if style == "List Bullet"] == ["un", "deux"]
    table, signatures = document.tables
    assert [cell.text for cell in table.rows[0].cells] == ["Droit", "Délai"]
    assert table.rows[1].cells[1].text == "[Délai : …………]"
    assert "w:tblHeader" in table.rows[0]._tr.xml
    assert signatures.rows[0].cells[0].text.startswith("CPAM d’Exemple")
    assert "Signature et cachet :" in signatures.rows[0].cells[1].text
    marked = [
        run.text
        for paragraph in document.paragraphs
        for run in paragraph.runs
        if run.font.highlight_color == WD_COLOR_INDEX.YELLOW
    ]
    assert marked == ["[Nom de l’établissement : …………]"]


@pytest.mark.security
def test_a_draft_names_nobody_and_holds_no_field_link_or_macro() -> None:
    data = render_docx(composition())
    properties = opened(data).core_properties
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")
    assert properties.title == "Convention Former les équipes"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}
    assert not [name for name in parts if "vba" in name.lower() or "embeddings" in name]
    for name, content in parts.items():
        assert 'TargetMode="External"' not in content, name
        for forbidden in ("w:fldSimple", "w:instrText", "w:hyperlink", "w:altChunk"):
            assert f"<{forbidden}" not in content, name
    assert 'w:val="fr-FR"' in parts["word/styles.xml"]


@pytest.mark.security
@pytest.mark.parametrize("words", [*PAYLOADS, *UNDRAWN, "{{ 7*7 }}{% raw %}", "<w:p/>&lt;"])
def test_hostile_words_stay_words(words: str) -> None:
    document = opened(render_docx(composition(words)))
    texts = [one.text for one in document.paragraphs]
    shown = words if words in PAYLOADS else None
    assert shown is None or shown in texts
    assert "49" not in "".join(texts).replace("7*7", "") or "49" in words


def test_an_address_copied_from_a_draft_is_the_address() -> None:
    address = "accueil.partenaires.territoire@caisse.primaire.example.org"
    assert address in "".join(one.text for one in opened(render_docx(composition(address))).paragraphs)
