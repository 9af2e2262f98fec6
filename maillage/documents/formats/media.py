"""The kinds of file that Maillage keeps."""

from enum import StrEnum


class MediaType(StrEnum):
    """What may be stored; the value is the type under which the file is served."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    """Drawn by Maillage itself: nobody brings one."""

    @property
    def extension(self) -> str:
        """The end of a file's name, dot included."""
        return {self.PDF: ".pdf", self.PNG: ".png", self.JPEG: ".jpg", self.XLSX: ".xlsx"}[self]

    @property
    def label(self) -> str:
        """Words of the screens."""
        return {self.PDF: "PDF", self.PNG: "image PNG", self.JPEG: "image JPEG", self.XLSX: "classeur Excel"}[
            self
        ]


class Unfit(Exception):
    """The content is not a whole, plain file of its kind; the message says why and what to do, in French."""


LARGEST_SIDE = 20_000
LARGEST_AREA = 80_000_000
"""Pixels: an A3 page scanned at 600 dots per inch has 70 million."""


def check_dimensions(width: int, height: int) -> None:
    """Raise Unfit for an image that no scanner or telephone makes, and that would fill the memory of who opens it."""
    if width < 1 or height < 1:
        raise Unfit("L’image n’a aucune dimension : le fichier est endommagé. Enregistrez-la de nouveau.")
    if width > LARGEST_SIDE or height > LARGEST_SIDE or width * height > LARGEST_AREA:
        raise Unfit(
            f"L’image est trop grande ({width} × {height} points). Réduisez-la, ou numérisez la page à 300 points par pouce."
        )
