"""PDF: tagged, in French, from data that stay text whatever they hold; the compiler reads nothing and calls nobody."""

import json
import re
import socket
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typst
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maillage.documents import rendering
from maillage.documents.composition import Heading, Letter, Listing, Paragraph, Table, blank, text
from maillage.documents.formats.media import MediaType
from maillage.documents.formats.recognition import recognise
from maillage.documents.letters import Correspondent, letter, letter_pdf
from maillage.documents.plain_text import printable_data
from maillage.documents.rendering import TEMPLATES, RenderingFailed, render_pdf
from tests.documents.reading import pages_of

PAYLOADS = [
    '#read("style.typ")',
    '#read("/etc/hostname")',
    '#include "style.typ"',
    '#import "@preview/example:0.1.0": add',
    '#image("/etc/hostname")',
    '#image("http://127.0.0.1:{port}/pixel.png")',
    "http://127.0.0.1:{port}/page",
    '#eval("1 + 1")',
    "#panic()",
    "#sys.inputs.data",
    "#{ while true {} }",
    "#let a = a",
    '] #read("style.typ") [',
    '" + read("style.typ") + "',
    '"; read("style.typ"); "',
    '\\" #',
    "*gras* _italique_ `code` $x^2$",
    "= Titre",
    "- liste",
    "+ liste",
    "/ terme: sens",
    "@reference <etiquette>",
    "// commentaire",
    "/* commentaire",
    "*/",
    '#link("http://127.0.0.1:{port}")[ici]',
    "#pagebreak()",
    "#set page(width: 1pt)",
    "#counter(page).update(99)",
    "\\u{0000}",
    "~ -- --- ... -?",
    "<script>alert(1)</script>",
    "{{ 7 * 7 }} {% load x %}",
    '=HYPERLINK("http://127.0.0.1:{port}")',
    "%PDF-1.7 endstream endobj",
    ")]TJ ET Q",
    "${jndi:ldap://127.0.0.1:{port}/a}",
]
UNDRAWN = [
    "a\0b",
    "\x1b[31m",
    "\u202efdp.exe",
    "\u2066x",
    "中文",
    "😀",
    "\ud800",
    "\U000e0041",
    "\u0301seul",
    "ﷺ",
]


def written(words: str) -> Letter:
    """A letter with these words in every place."""
    return Letter(
        sender=(words, words),
        addressee=(words,),
        place_and_date=text(words),
        subject=words,
        references=(words,),
        body=(
            Paragraph(text(words)),
            Paragraph(blank(words)),
            Listing((text(words),)),
            Table("t", (words, "b"), ((text(words), blank(words)),), (1, 1)),
        ),
        signatory=(text(words),),
        sending=words,
        enclosures=(words,),
    )


def convention(words: str) -> dict[str, Any]:
    """A convention with these words in every place."""
    part = {"title": words, "level": 1, "blocks": [block_data(one) for one in written(words).body]}
    party = {"name": [run(words)], "lines": [[run(words)]], "side": words}
    return {
        "title": words,
        "kind_label": words,
        "notice": words,
        "reference": words,
        "summary": words,
        "parties": [party],
        "parts": [part],
        "closing": [[run(words)]],
        "signatures": [{"party": [run(words)], "lines": [[run(words)]]}],
        "annexes": [part],
    }


def run(words: str) -> dict[str, str]:
    return {"text": words, "style": "plain", "asked": ""}


def block_data(block: Any) -> dict[str, Any]:
    data = Letter((), (), (), "", (), (block,), ()).as_data()["body"][0]
    return dict(data)


def headings(template: Path, data: object, root: Path = TEMPLATES) -> list[str]:
    """The headings that the compiler sees, as text."""
    found = json.loads(
        typst.query(
            str(template),
            "heading",
            root=str(root),
            sys_inputs={"data": json.dumps(printable_data(data))},
            ignore_system_fonts=True,
        )
    )
    return [one["body"].get("text", "") for one in found]


@pytest.fixture
def listener() -> Iterator[tuple[int, list[Any]]]:
    """A server on this machine, and who called it."""
    calls: list[Any] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        stop = threading.Event()

        def listen() -> None:
            while not stop.is_set():
                try:
                    connection, address = server.accept()
                except TimeoutError:
                    continue
                connection.close()
                calls.append(address)

        thread = threading.Thread(target=listen)
        thread.start()
        yield server.getsockname()[1], calls
        stop.set()
        thread.join()


def test_a_letter_is_a_tagged_french_pdf_that_names_nobody_in_its_metadata() -> None:
    pdf = letter_pdf(
        letter(
            sender=Correspondent("CPAM d’Exemple", ("1 rue de l’Été", "42000 Exemple")),
            addressee=Correspondent("CCAS de Villexemple"),
            place="Saint-Étienne",
            written_on=date(2026, 3, 1),
            subject="changement de référent",
            body=(Paragraph(text("« Où êtes-vous ? » demande l’œuvre.")),),
            signatory="Directrice",
        )
    )
    for mark in (
        b"/StructTreeRoot",
        b"/MarkInfo",
        b"/Lang(fr-FR)",
        b"pdfuaid:part>1<",
        "Lettre : changement de référent".encode(),
    ):
        assert mark in pdf.replace(b"/Lang (", b"/Lang(").replace(b"/Title (", b"/Title("), mark
    for absent in (b"/Author", b"dc:creator", b"Exemple", b"/URI", b"/JavaScript"):
        assert absent not in pdf
    assert recognise(pdf) is MediaType.PDF


def test_a_signature_never_stands_on_a_page_without_the_closing_words() -> None:
    lengths = set()
    for lines in range(12, 32):
        said = letter(
            sender=Correspondent("CCAS de Villexemple"), addressee=Correspondent("Ondine Quintessence"), place="", signatory="",
            written_on=date(2026, 3, 1), subject="essai", body=[Paragraph(text("Une ligne."))] * lines,
        )  # fmt: skip
        pages = pages_of(letter_pdf(said))
        (signed,) = [page for page in pages if "Signature" in page]
        assert "considération distinguée" in signed, lines
        lengths.add(len(pages))
    assert lengths == {1, 2}  # the page was turned on the way


def test_the_same_data_give_the_same_bytes() -> None:
    assert letter_pdf(written("Bonjour")) == letter_pdf(written("Bonjour"))


def test_the_compiler_stays_out_of_the_server_s_memory() -> None:
    code = (
        "import sys; from maillage.documents.rendering import render_pdf; import maillage.documents.word;"
        "print(sorted({'typst', 'docx', 'lxml', 'docxtpl'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.security
@pytest.mark.parametrize("template", ["convention", "letter", "report"])
def test_hostile_data_are_drawn_as_text_and_call_nobody(
    template: rendering.Template, listener: tuple[int, list[Any]]
) -> None:
    port, calls = listener
    words = " ".join(PAYLOADS).replace("{port}", str(port))
    data = written(words).as_data() if template == "letter" else convention(words)
    assert render_pdf(template, data).startswith(b"%PDF-")
    assert calls == []
    socket.create_connection(("127.0.0.1", port)).close()  # the listener does hear
    threading.Event().wait(0.3)
    assert len(calls) == 1


@pytest.mark.security
@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_is_read_by_the_compiler_as_the_text_that_it_is(payload: str) -> None:
    assert payload in headings(TEMPLATES / "convention.typ", convention(payload))


@pytest.mark.security
def test_a_template_that_would_run_its_data_is_seen(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("CANARI-4412")
    faulty = tmp_path / "faulty.typ"
    faulty.write_text(
        '#let data = json(bytes(sys.inputs.data))\n#heading(eval(data.title, mode: "code", scope: (:)))\n'
    )
    assert headings(faulty, {"title": "str(1 + 1)"}, tmp_path) == ["2"]
    assert "eval(" not in "".join(path.read_text() for path in TEMPLATES.glob("*.typ"))
    assert all(
        forbidden not in path.read_text()
        for path in TEMPLATES.glob("*.typ")
        for forbidden in ("@preview", "read(", "http", "plugin(", "image(")
    )


@pytest.mark.security
@pytest.mark.parametrize("template", ["convention", "letter", "report"])
def test_characters_that_no_font_draws_are_printed_by_their_number(template: rendering.Template) -> None:
    words = " ".join(UNDRAWN)
    data = written(words).as_data() if template == "letter" else convention(words)
    assert render_pdf(template, data).startswith(b"%PDF-")
    assert any("[U+202E]fdp.exe" in one for one in headings(TEMPLATES / "convention.typ", convention(words)))


@pytest.mark.parametrize(
    "words", [" ".join(("x" * 4000, "É" * 300, "a/" * 2000, "שלום عالم", "x")), "\n" * 200, " " * 500]
)
def test_long_words_blank_lines_and_other_scripts_are_drawn(words: str) -> None:
    assert render_pdf("letter", written(words).as_data()).startswith(b"%PDF-")


def test_nothing_is_written_inside_an_address_or_a_long_word() -> None:
    """What a reader copies is the glyphs, unless the page says otherwise (ActualText): here it says nothing else."""
    words = "accueil.des-partenaires.du-territoire@caisse-primaire.example.org"
    row = (text(words), text("x" * 64), text("z"))
    body = (Paragraph(text(words)), Paragraph(text("x" * 64)), Table("t", ("a", "b", "c"), (row,), (1, 1, 1)))
    drawn = Letter(("A",), ("B",), text("C"), words, (), body, (text("D"),))
    page = render_pdf("letter", drawn.as_data())
    shown = b""
    for begins in re.finditer(rb"stream\r?\n", page):
        with suppress(zlib.error):
            shown += zlib.decompressobj().decompress(page[begins.end() :])
    assert b"BDC" in shown
    assert b"/ActualText" not in shown


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.text(max_size=80), min_size=20, max_size=40))
def test_any_text_is_drawn(texts: list[str]) -> None:
    body = tuple(Paragraph(text(words)) for words in texts)
    table = Table("t", ("a", "b"), tuple((text(words), blank(words)) for words in texts), (1, 1))
    drawn = Letter(("A",), ("B",), text("C"), texts[0], (), (*body, table), (text("D"),))
    assert render_pdf("letter", drawn.as_data()).startswith(b"%PDF-")


def test_what_cannot_be_drawn_is_refused_without_showing_the_data() -> None:
    with pytest.raises(RenderingFailed, match="bytes of data"):
        render_pdf("letter", {"subject": "x" * 5_000_000})
    with pytest.raises(RenderingFailed) as failed:
        render_pdf("letter", {"subject": "SECRET"})
    assert "SECRET" not in str(failed.value)
    with pytest.raises(ValueError, match="plain data"):
        render_pdf("letter", {"subject": object()})
    nested: Any = "x"
    for _ in range(50):
        nested = [nested]
    with pytest.raises(ValueError, match="too deeply"):
        render_pdf("letter", {"subject": nested})


def test_a_compiler_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "_SECONDS", 0.01)
    with pytest.raises(RenderingFailed, match="seconds"):
        letter_pdf(written("x"))


def test_a_heading_inside_a_letter_is_refused_by_no_standard() -> None:
    inside = (Heading("Pourquoi"), Paragraph(text("Parce que.")))
    drawn = Letter(("A",), ("B",), text("C"), "s", (), inside, (text("D"),))
    assert letter_pdf(drawn).startswith(b"%PDF-")
