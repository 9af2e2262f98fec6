"""What the parties write to each other: about a case, sealed with its key; about their convention, without a person."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Messages, notes and attachments."""

    name = "maillage.exchange"
    label = "exchange"
