"""Pages."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The top layer: requests in, actions out, pages back."""

    name = "maillage.web"
    label = "web"

    def ready(self) -> None:
        """Every session is stamped when it opens."""
        from maillage.web.accounts import proofs  # noqa: F401, PLC0415 - importing it connects its receiver
