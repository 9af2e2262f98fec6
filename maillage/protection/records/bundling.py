"""The evidence folder as one ZIP: each file written and digested piece by piece, an index to read, a manifest for machines."""

import json
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import IO, Final

from django.core.exceptions import PermissionDenied

from maillage.audit.actions import record
from maillage.core.french import date_in_words, typeset
from maillage.documents.composition import Paragraph, Part, Report, Table, text
from maillage.documents.rendering import render_pdf
from maillage.protection.policies import can_follow
from maillage.protection.records.evidence import files
from maillage.protection.records.folder import Asked, File

INDEX: Final = "index.pdf"
MANIFEST: Final = "manifeste.json"
FORMAT: Final = 1
_IN_MEMORY: Final = 4 * 1024 * 1024
_PIECE: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Line:
    """One file of the folder, as the index and the manifest name it."""

    name: str
    shows: str
    size: int
    sha256: str


class _Folder(tempfile.SpooledTemporaryFile[bytes]):
    """Closed by whoever sends it; and without a complaint when nobody reads the answer to its end."""

    def __del__(self) -> None:
        self.close()


def bundle(asked: Asked) -> IO[bytes]:
    """The folder in a temporary file, at its beginning; the export is journalled. Raises PermissionDenied, RenderingFailed."""
    if not can_follow(asked.member) or asked.known.mine is None or not asked.known.mine.signs:
        raise PermissionDenied(
            "Ce dossier est préparé par qui veille aux données d’une partie à la convention."
        )
    into: IO[bytes] = _Folder(max_size=_IN_MEMORY)
    try:
        lines = _fill(into, asked)
    except BaseException:
        into.close()
        raise
    record(
        verb="record.evidence",
        object_type="convention",
        object_ref=asked.known.id,
        by=asked.member.user,
        organisation=asked.member.organisation,
        reason=f"{len(lines) + 1} fichiers",
    )
    into.seek(0)
    return into


def _fill(into: IO[bytes], asked: Asked) -> list[Line]:
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        lines = [_written(archive, one, asked) for one in files(asked)]
        index = File(INDEX, "Index", [render_pdf("report", _index(asked, lines).as_data())])
        lines.append(_written(archive, index, asked))
        _written(archive, File(MANIFEST, "Manifeste", [_manifest(asked, lines)]), asked)
    return lines


def pieces(folder: IO[bytes]) -> Iterator[bytes]:
    """Its bytes, piece by piece; closed once all are given."""
    with closing(folder):
        while piece := folder.read(_PIECE):
            yield piece


def _written(archive: zipfile.ZipFile, file: File, asked: Asked) -> Line:
    day = asked.at.astimezone(
        asked.zone
    ).date()  # the day alone: nothing new, the same bytes; the journal holds the instant
    info = zipfile.ZipInfo(file.name, date_time=(day.year, day.month, day.day, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    digest, size = sha256(), 0
    with archive.open(info, "w") as into:
        for piece in file.pieces:
            digest.update(piece)
            size += len(piece)
            into.write(piece)
    return Line(file.name, file.shows, size, digest.hexdigest())


def _index(asked: Asked, lines: list[Line]) -> Report:
    day = date_in_words(asked.at.astimezone(asked.zone).date())
    rows = tuple((text(one.name), text(typeset(one.shows)), text(one.sha256)) for one in lines)
    about = (
        f"Dossier préparé pour {asked.member.organisation_name}, partie à cette convention, avec ce qu’elle peut lire. Il ne contient"
        " aucun dossier de personne accompagnée. Chaque empreinte se recalcule sur le fichier du même nom."
    )
    return Report(
        title=typeset(asked.known.row.title),
        kind_label=typeset("Dossier de preuves, protection des données"),
        reference=typeset(f"Établi le {day}"),
        parts=(
            Part(typeset("Ce que contient ce dossier"), (Paragraph(text(typeset(about))),)),
            Part("Fichiers", (Table("Fichiers", ("Fichier", "Ce qu’il montre", "Empreinte SHA-256"), rows, (3, 4, 4)),)),
        ),
    )  # fmt: skip


def _manifest(asked: Asked, lines: list[Line]) -> bytes:
    data = {
        "format": FORMAT,
        "convention": str(asked.known.id),
        "organisme": str(asked.member.organisation),
        "etabli_le": asked.at.astimezone(asked.zone).date().isoformat(),
        "fichiers": [asdict(one) for one in lines],
    }
    return json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1).encode()
