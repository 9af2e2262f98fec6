"""The two forms of the same composition."""

from collections.abc import Mapping

from maillage.conventions.drafting.export.composing import compose
from maillage.conventions.terms import Terms
from maillage.documents.rendering import render_pdf
from maillage.documents.word import render_docx


def convention_pdf(terms: Terms, *, bodies: Mapping[str, str] | None = None, final: bool = False) -> bytes:
    """The convention as a tagged PDF. Raises RenderingFailed.

    `bodies` gives the name of the organisation behind a party whose name is still a blank; `final` leaves out the
    notice of a draft (a text signed by all).
    """
    return render_pdf("convention", compose(terms, bodies=bodies, final=final).as_data())


def convention_docx(terms: Terms, *, bodies: Mapping[str, str] | None = None, final: bool = False) -> bytes:
    """The convention as a DOCX, same content and order as the PDF."""
    return render_docx(compose(terms, bodies=bodies, final=final))
