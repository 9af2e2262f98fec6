"""Durations in words."""

from uuid import UUID

from maillage.core.calendar import Period
from maillage.protection.retention.durations import KINDS, Duration
from maillage.web.presentation.typography import typeset


def scope_words(convention: str, kind: str) -> str:
    """« Tous les dossiers », « Toutes les orientations », « Convention : … »."""
    if convention:
        return typeset(f"Convention : {convention}")
    return typeset(f"Dossiers : {KINDS[kind]}") if kind else "Tous les dossiers"


def months_words(months: int | None) -> str:
    """« 2 ans », « 1 an et 6 mois » ; rien où une durée est retirée."""
    return Period(months=months).label() if months else "Aucune"


def scope_key(convention: UUID | None, kind: str) -> str:
    """A scope as the form sends it back."""
    return f"convention:{convention}" if convention else f"kind:{kind}" if kind else "all"


def named(one: Duration, titles: dict[UUID, str]) -> str:
    """For which cases a duration was stated."""
    return scope_words(titles.get(one.convention, "convention") if one.convention else "", one.kind)
