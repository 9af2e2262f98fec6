"""Referrals."""

from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    """From a situation to an outcome."""

    name = "maillage.referrals"
    label = "referrals"
