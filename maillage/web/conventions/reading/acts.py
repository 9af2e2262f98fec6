"""What the reader may do from a convention's page: links to the pages that write, where she has the right."""

from django.urls import NoReverseMatch, reverse

from maillage.web.conventions.acts import Act, acts_for
from maillage.web.conventions.reading.known import Known


def acts(known: Known) -> list[Act]:
    """The acts that the reader's role and the state allow, the most pressing first: the page's main button."""
    return acts_for(known.member, known.convention)


def address(name: str, known: Known) -> str:
    """The address of a page about this convention; empty when there is no such page."""
    try:
        return reverse(name, args=[known.convention.id])
    except NoReverseMatch:
        return ""
