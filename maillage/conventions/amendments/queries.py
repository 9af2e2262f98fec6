"""Avenants as a convention's page shows them."""

from maillage.conventions.amendments.models import Amendment
from maillage.conventions.lifecycle.loaded import LoadedConvention


def amendments(known: LoadedConvention) -> tuple[Amendment, ...]:
    """All avenants, the newest first, with the signatures that hold (`signatures`, prefetched)."""
    rows = Amendment.objects.filter(convention=known.row).prefetch_related("signatures")
    return tuple(rows.order_by("-number"))
