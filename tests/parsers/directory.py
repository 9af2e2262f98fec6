"""Readers of a file of organisations: bytes, encoding, separator, lines, cells. Without Django's settings."""

from io import BytesIO

from maillage.core.spreadsheets.tables import Unreadable
from maillage.organisations.directory.imports.columns import COLUMNS, read_headings
from maillage.organisations.directory.imports.decoding import layout_of, records
from maillage.organisations.directory.imports.lines import glimpse, read_line
from maillage.organisations.directory.imports.survey import survey
from tests.organisations.directory.files import HEADINGS, bodies, siret
from tests.parsers.judging import Broken, Target

_TITLES = tuple(column.titles[0] for column in COLUMNS)
_PLACES = read_headings(_TITLES).places


def directory_file(data: bytes) -> None:
    """A whole file: read twice, as an import does; each line is an organisation or says what is wrong with it."""

    def source() -> BytesIO:
        return BytesIO(data)

    layout = layout_of(source)
    places = layout.headings.places
    found = survey(records(source, layout), places)
    lines = 0
    for record in records(source, layout):
        lines += 1
        if not record.fault:
            entry, faults = read_line(record.line, record.cells, places)
            if (entry is None) != bool(faults):
                raise Broken(f"line {record.line}: {faults}")
    if lines != found.total or not layout.told:
        raise Broken(f"{lines} lines, then {found.total}")


def directory_line(data: bytes) -> None:
    """The cells of one line, every column present; what is glimpsed of it is what is read."""
    cells = [cell.decode(errors="replace") for cell in data.split(b";")]
    entry, faults = read_line(2, cells, _PLACES)
    seen = glimpse(cells, _PLACES)
    if (entry is None) != bool(faults):
        raise Broken(str(faults))
    if entry is not None and (entry.kind, entry.siret, entry.code) != (seen.kind, seen.siret, seen.code):
        raise Broken(f"{entry} glimpsed as {seen}")


_LINE = ";".join(
    (
        "Hôpital", "Hôpital d’Exemple", "HE", siret(7), "A1", "420000017", "1 rue", "42600", "Montbrison", "42", "42,R84|FR", "CPAM",
        "contact@exemple.fr", "0102030405",
    )
).encode()  # fmt: skip
_FILES = (
    bodies(2).encode(), bodies(1).encode("cp1252"), b"\xef\xbb\xbf" + bodies(1).encode(), bodies(1).encode("utf-16"),
    HEADINGS.replace(";", ",").encode() + b'\n"CCAS","a ""b"" c",,42,,\n', b"Nature\tNom\nCPAM\tx\n", b"PK\x03\x04", b"%PDF-1.7",
    b'Nature;Nom\n"CPAM;x\n\n;;\n', "Nature;Nom\nCPAM;\u2028\n".encode(),
)  # fmt: skip

TARGETS = {
    "directory_file": Target(directory_file, (Unreadable,), _FILES),
    "directory_line": Target(
        directory_line, (), (_LINE, b"CCAS;x", b"asso;y;;" + b"9" * 40, b"cpam;z;;1E+13;;12")
    ),
}
