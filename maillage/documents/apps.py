"""Encrypted files, PDF and DOCX."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Files served only through what they belong to."""

    name = "maillage.documents"
    label = "documents"
