"""What every part of a convention's page is made from: the convention, its text and facts of the day, who reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from maillage.conventions.lifecycle.facts import Facts
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.terms import Terms
from maillage.organisations.member import Member
from maillage.organisations.models import Organisation
from maillage.web.conventions.reading.values import Names, names_of


@dataclass(frozen=True)
class Known:
    """A convention as one member reads it on one day."""

    convention: LoadedConvention
    member: Member
    on: date
    terms: Terms
    facts: Facts
    names: Names
    chosen: Mapping[str, str]

    @property
    def is_signed(self) -> bool:
        """Whether all have signed."""
        return self.convention.row.state in {"signed", "in_force", "ended"}


def known_by(convention: LoadedConvention, member: Member, on: date) -> Known:
    """Everything that the page needs, computed once."""
    terms = text_on(convention, on)
    bodies = {party.key: party.short_name for party in convention.signatories}
    chosen = _chosen(convention)
    names = names_of(terms, bodies | chosen)
    return Known(convention, member, on, terms, convention.facts(on), names, chosen)


def _chosen(convention: LoadedConvention) -> dict[str, str]:
    """Bodies that the drafter chose and that do not see the draft yet, by the key of their party."""
    seen = {party.key for party in convention.signatories}
    waiting = {key: UUID(body) for key, body in convention.row.chosen.items() if key not in seen}
    if not waiting:
        return {}
    found = Organisation.objects.filter(pk__in=waiting.values()).values_list("pk", "short_name")
    short_names = dict(found.order_by("pk"))
    return {key: short_names[body] for key, body in waiting.items() if body in short_names}


def text_on(convention: LoadedConvention, on: date) -> Terms:
    """The text on a day; one that its avenants no longer hold together is shown as first written."""
    return convention.readable(on)
