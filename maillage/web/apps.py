"""Pages."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The top layer: requests in, actions out, pages back."""

    name = "maillage.web"
    label = "web"
