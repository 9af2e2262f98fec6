"""The outbox."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Content-free messages to opaque recipients."""

    name = "maillage.notifications"
    label = "notifications"
