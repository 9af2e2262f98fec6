"""The journal."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Append-only, chained at commit."""

    name = "maillage.audit"
    label = "audit"
