"""Files are recognised by what they hold: the hostile ones are refused, in French, and fast."""

import time
import zlib
from contextlib import suppress

import pytest

from maillage.documents.formats.media import MediaType, Unfit
from maillage.documents.formats.recognition import recognise
from tests.documents.builders import (
    PNG_SIGNATURE,
    archive,
    chunk,
    jpeg,
    object_stream,
    pdf,
    png,
    png_header,
    segment,
)

SCRIPT = b"<</S/JavaScript/JS(app.alert(1))>>"
LARGE = b"\0" * 70_000_000

ACCEPTED: dict[str, tuple[bytes, MediaType]] = {
    "a plain PDF": (pdf(), MediaType.PDF),
    "a PDF of version 2": (pdf(version=b"2.0"), MediaType.PDF),
    "a PDF that ends without a line": (pdf().rstrip(), MediaType.PDF),
    "a PDF saved twice": (pdf() + pdf()[len(b"%PDF-1.7\n") :], MediaType.PDF),
    "a PDF that speaks of JavaScript": (pdf(b"(Cours de JavaScript)"), MediaType.PDF),
    "a PDF with compressed objects": (pdf(object_stream(b"4 0 <</Type/Font>>")), MediaType.PDF),
    "a PNG": (png(), MediaType.PNG),
    "a PNG with a comment": (png(extra=chunk(b"tEXt", b"Title\0Convention")), MediaType.PNG),
    "a JPEG": (jpeg(), MediaType.JPEG),
    "a progressive JPEG": (jpeg(frame=0xC2), MediaType.JPEG),
    "a JPEG followed by its thumbnail": (jpeg(800, 600) + jpeg(80, 60), MediaType.JPEG),
}

REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "vide"),
    "one null byte": (b"\0", "pas admis"),
    "null bytes": (b"\0" * 5000, "pas admis"),
    "spaces": (b" " * 5000, "pas admis"),
    "plain text": (b"Bonjour", "pas admis"),
    "an SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "SVG"),
    "the test string of antiviruses": (
        rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + rb"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*",
        "EICAR",
    ),
    "an SVG with a prologue": (b'<?xml version="1.0"?><svg/>', "SVG"),
    "a web page": (b"<!DOCTYPE html><html></html>", "page web"),
    "a web page in capitals": (b"<HTML><BODY>", "page web"),
    "a program": (b"MZ\x90\0" + b"\0" * 100, "programme"),
    "a Linux program": (b"\x7fELF\x02\x01", "programme"),
    "an archive": (archive(), "archive ZIP"),
    "a Word document": (archive("word/document.xml"), "Word"),
    "a workbook": (archive("xl/workbook.xml"), "Excel"),
    "an old Office document": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Office"),
    "a GIF": (b"GIF89a" + b"\0" * 20, "GIF"),
    "a WebP": (b"RIFF\x10\0\0\0WEBPVP8 ", "WebP"),
    "a TIFF": (b"II*\0\x08\0\0\0", "TIFF"),
    "a HEIC photo": (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
    "a film": (b"\0\0\0\x18ftypisom\0\0\0\0", "vidéo"),
    "an RTF": (b"{\\rtf1 bonjour}", "RTF"),
    "a PDF after junk": (b"GIF89 junk\n" + pdf(), "précèdent"),
    "a PDF after one line": (b"\n" + pdf(), "précèdent"),
    "a PDF after a byte order mark": (b"\xef\xbb\xbf" + pdf(), "précèdent"),
    "a PDF of no version": (pdf(version=b"9.9"), "endommagé"),
    "the head of a PDF": (b"%PDF-1.7\n", "endommagé"),
    "a truncated PDF": (pdf()[:-30], "endommagé"),
    "a PDF without its table": (b"%PDF-1.7\nstartxref\n9\n%%EOF\n", "endommagé"),
    "a PDF whose table is elsewhere": (pdf().replace(b"startxref\n", b"startxref\n9"), "endommagé"),
    "a PDF then a web page": (pdf(b"(%s)" % (b"x" * 900)) + b"<html><script>1</script></html>", "suivent"),
    "a PDF then an archive": (pdf() + archive(), "archive ZIP"),
    "a PDF inside an archive's comment": (pdf(archive() + pdf()), "archive ZIP"),
    "a PDF that starts like a web page": (pdf(after_header=b"\n%<html><script>1</script>\n"), "page web"),
    "a PDF with a script": (pdf(SCRIPT), "script"),
    "a PDF with a disguised script": (
        pdf(SCRIPT.replace(b"JavaS", b"#4aava#53").replace(b"t/", b"#74/")),
        "script",
    ),
    "a PDF with a hidden script": (pdf(object_stream(b"4 0 " + SCRIPT)), "script"),
    "a PDF with a dynamic form": (pdf(b"<</XFA [(a) 5 0 R]>>"), "formulaire"),
    "a PDF that launches": (pdf(b"<</S/Launch/F(cmd.exe)>>"), "lancer"),
    "a PDF with a file inside": (pdf(b"<</Type/EmbeddedFile>>"), "joints"),
    "a PDF with a password": (pdf().replace(b"/Root 1 0 R", b"/Root 1 0 R/Encrypt 9 0 R"), "mot de passe"),
    "a PDF bomb": (pdf(object_stream(LARGE)), "trop lourd"),
    "the head of a PNG": (PNG_SIGNATURE, "endommagée"),
    "a truncated PNG": (png()[:-6], "endommagée"),
    "a PNG without its end": (png()[:-12], "endommagée"),
    "a PNG with a wrong checksum": (png().replace(b"IDAT", b"IDAU"), "endommagée"),
    "a PNG with an altered pixel": (png()[:45] + bytes([png()[45] ^ 1]) + png()[46:], "endommagée"),
    "a PNG of huge dimensions": (PNG_SIGNATURE + png_header(60_000, 60_000) + chunk(b"IEND"), "trop grande"),
    "a PNG of two billion points": (
        PNG_SIGNATURE + png_header(2**31 - 1, 2**31 - 1) + chunk(b"IEND"),
        "trop grande",
    ),
    "a PNG without dimensions": (PNG_SIGNATURE + png_header(0, 0) + chunk(b"IEND"), "aucune dimension"),
    "a PNG without pixels": (PNG_SIGNATURE + png_header(4, 3) + chunk(b"IEND"), "endommagée"),
    "a PNG with too few pixels": (png(400, 300, pixels=b"\0" * 99), "endommagée"),
    "a PNG bomb": (png(4, 3, pixels=LARGE), "endommagée"),
    "a PNG whose pixels are not": (
        PNG_SIGNATURE + png_header(4, 3) + chunk(b"IDAT", b"xxxx") + chunk(b"IEND"),
        "endommagée",
    ),
    "a PNG of an unknown colour": (PNG_SIGNATURE + png_header(4, 3, colour=5) + chunk(b"IEND"), "endommagée"),
    "a PNG with an unknown critical chunk": (png(extra=chunk(b"EVIL")), "endommagée"),
    "a PNG then an archive": (png() + archive(), "archive ZIP"),
    "a PNG then a web page": (png(400, 300, extra=chunk(b"tEXt", b"x" * 1000)) + b"<html>", "suivent"),
    "a PNG that hides a web page": (png(extra=chunk(b"tEXt", b"a\0<script>1</script>")), "page web"),
    "a PNG whose chunk is longer than the file": (
        PNG_SIGNATURE + png_header(4, 3) + b"\x7f\xff\xff\xffIDAT",
        "endommagée",
    ),
    "the head of a JPEG": (b"\xff\xd8\xff\xe0", "endommagée"),
    "a truncated JPEG": (jpeg()[:-2], "endommagée"),
    "a JPEG cut in a segment": (jpeg()[:40], "endommagée"),
    "a JPEG without pixels": (b"\xff\xd8" + segment(0xE0, b"JFIF\0") + b"\xff\xd9", "endommagée"),
    "a JPEG of huge dimensions": (jpeg(65_000, 65_000), "trop grande"),
    "a JPEG without height": (jpeg(8, 0), "aucune dimension"),
    "a JPEG then an archive": (jpeg() + archive(), "archive ZIP"),
    "a JPEG then a web page": (jpeg(comment=b"x" * 1000) + b"<html>", "suivent"),
    "a JPEG that hides a web page": (jpeg(comment=b"<?php system(1) ?><script>"), "page web"),
    "a JPEG then a truncated one": (jpeg() + jpeg()[:-2], "endommagée"),
    "a JPEG with an empty segment": (b"\xff\xd8\xff\xe0\0\0" + jpeg()[2:], "endommagée"),
}


@pytest.mark.parametrize("case", ACCEPTED)
def test_a_whole_file_is_recognised_by_its_content(case: str) -> None:
    data, expected = ACCEPTED[case]
    assert recognise(data) is expected


@pytest.mark.security
@pytest.mark.parametrize("case", REFUSED)
def test_a_hostile_or_damaged_file_is_refused_in_french_and_fast(case: str) -> None:
    data, words = REFUSED[case]
    before = time.perf_counter()
    with pytest.raises(Unfit, match=words):
        recognise(data)
    assert time.perf_counter() - before < 5


@pytest.mark.security
def test_hostile_repetitions_are_refused_or_read_in_bounded_time() -> None:
    empty = object_stream(b"")
    for data in (
        pdf(*[empty] * 30_000),
        pdf(b"/Type/ObjStm stream\nx" * 500_000),
        pdf(b"#4a" * 6_000_000),
        pdf(b"startxref 1 " * 1_000_000),
        jpeg()[:-2] + b"\xff\x00" * 8_000_000 + b"\xff\xd9",
        jpeg()[:2] + segment(0xFE, b"x" * 9) * 1_000_000 + jpeg()[2:],
        PNG_SIGNATURE + png_header(4, 3) + chunk(b"tEXt") * 1_000_000 + png()[33:],
    ):
        before = time.perf_counter()
        with suppress(Unfit):
            recognise(data)
        assert time.perf_counter() - before < 5


def test_any_cut_of_a_whole_file_is_refused() -> None:
    for whole in (pdf(), png(), jpeg()):
        for end in range(len(whole.rstrip())):
            with pytest.raises(Unfit):
                recognise(whole[:end])


def test_pixels_that_zlib_holds_back_are_counted() -> None:
    lines = (b"\0" + b"\0" * 4000) * 4000
    data = PNG_SIGNATURE + png_header(4000, 4000) + chunk(b"IDAT", zlib.compress(lines, 9)) + chunk(b"IEND")
    assert recognise(data) is MediaType.PNG
