"""Which kind a file is, from its bytes alone; what it is instead, for who chose the wrong one."""

import re

from maillage.documents.formats import jpeg, pdf, png
from maillage.documents.formats.media import MediaType, Unfit

_CHECKS = (
    (pdf.SIGNATURE, MediaType.PDF, pdf.check),
    (png.SIGNATURE, MediaType.PNG, png.check),
    (jpeg.SIGNATURE, MediaType.JPEG, jpeg.check),
)
_ACCEPTED = "Déposez un PDF, une image PNG ou une image JPEG."
_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|body|script|svg|iframe|\?php)\b|<\?xml", re.IGNORECASE)
# In two parts: a scanner that watches over this very file would take it away.
_TEST_VIRUS = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + rb"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
_ARCHIVE_END = b"PK\x05\x06\x00\x00\x00\x00"
_ARCHIVE_REACH = 22 + 65_535
"""A ZIP archive is read from its end: its last record and the longest comment after it."""
_FOREIGN = (
    (re.compile(rb"PK\x03\x04.{0,2000}?word/", re.DOTALL), "un document Word"),
    (re.compile(rb"PK\x03\x04.{0,2000}?xl/", re.DOTALL), "un classeur Excel"),
    (re.compile(rb"PK\x03\x04.{0,60}?opendocument", re.DOTALL), "un document LibreOffice"),
    (re.compile(rb"PK[\x03\x05][\x04\x06]"), "une archive ZIP"),
    (re.compile(rb"\xd0\xcf\x11\xe0"), "un ancien document Office"),
    (re.compile(rb".{4}ftyp(?:heic|heix|mif1|msf1|heim|hevc)", re.DOTALL), "une photo HEIC"),
    (re.compile(rb".{4}ftyp", re.DOTALL), "une vidéo"),
    (re.compile(rb"GIF8"), "une image GIF"),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "une image WebP"),
    (re.compile(rb"II\*\x00|MM\x00\*"), "une image TIFF"),
    (re.compile(rb"MZ|\x7fELF"), "un programme"),
    (re.compile(rb"\{\\rtf"), "un document RTF"),
)


def recognise(data: bytes) -> MediaType:
    """The kind of a whole file.

    Raises Unfit, in French, for anything that is not exactly one PDF, PNG or JPEG: another kind, a truncated file, a
    file that is two kinds at once (a header that is not at the first byte, an archive or a page hidden in it).
    """
    if not data:
        raise Unfit("Le fichier est vide.")
    if _TEST_VIRUS in data:
        raise Unfit(
            "Ce fichier porte le virus d’essai des antivirus (EICAR) : il est refusé comme le serait un vrai. Faites analyser votre poste."
        )
    for signature, media_type, check in _CHECKS:
        if data.startswith(signature):
            _refuse_second_nature(data)
            check(data)
            return media_type
    raise Unfit(f"{_what_it_is(data)} {_ACCEPTED}")


def _refuse_second_nature(data: bytes) -> None:
    if _ARCHIVE_END in data[-_ARCHIVE_REACH:]:
        raise Unfit(f"Le fichier cache une archive ZIP. {_ACCEPTED}")
    if _MARKUP.search(data, 0, 1024):
        raise Unfit(f"Le fichier cache une page web. {_ACCEPTED}")


def _what_it_is(data: bytes) -> str:
    start = data[:1024]
    if b"%PDF-" in start:
        return "Des données précèdent le début du PDF."
    for pattern, name in _FOREIGN:
        if pattern.match(data):
            return f"Ce fichier est {name}."
    if b"<svg" in start.lower():
        return "Ce fichier est une image SVG."
    if _MARKUP.search(start):
        return "Ce fichier est une page web."
    return "Ce type de fichier n’est pas admis."
