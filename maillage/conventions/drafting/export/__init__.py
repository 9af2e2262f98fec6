"""A convention as a document to read and sign: composed once from its Terms, drawn as PDF and as DOCX."""

from maillage.conventions.drafting.export.composing import compose
from maillage.conventions.drafting.export.documents import convention_docx, convention_pdf

__all__ = ["compose", "convention_docx", "convention_pdf"]
