from django.apps import AppConfig


class ProtectionConfig(AppConfig):
    """What the conventions promise about personal data, kept by the platform itself."""

    name = "maillage.protection"
    label = "protection"

    def ready(self) -> None:
        """After a restore, what hung on keys that were destroyed is emptied again, and parts in cases that ended end again."""
        from maillage.protection.destruction.running import redo_all  # noqa: PLC0415 - it needs the models
        from maillage.protection.retention.ending import end_again  # noqa: PLC0415 - the same
        from maillage.vault.ledger import REPLAYS  # noqa: PLC0415 - the same

        REPLAYS.extend([redo_all, end_again])
