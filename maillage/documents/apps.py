"""Encrypted files, PDF and DOCX."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Files served only through what they belong to."""

    name = "maillage.documents"
    label = "documents"

    def ready(self) -> None:
        """After a restore, the files of erased documents go again."""
        from maillage.documents.erasing import remove_erased  # noqa: PLC0415 - it needs the models
        from maillage.vault.ledger import REPLAYS  # noqa: PLC0415 - the same

        REPLAYS.append(remove_erased)
