"""What every part of a convention's page is made from: the convention, its text and facts of the day, who reads."""

from dataclasses import dataclass
from datetime import date

from maillage.conventions.lifecycle.facts import Facts
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.terms import Terms, TermsError
from maillage.organisations.member import Member
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

    @property
    def is_signed(self) -> bool:
        """Whether all have signed."""
        return self.convention.row.state in {"signed", "in_force", "ended"}


def known_by(convention: LoadedConvention, member: Member, on: date) -> Known:
    """Everything that the page needs, computed once."""
    terms = text_on(convention, on)
    bodies = {party.key: party.short_name for party in convention.signatories}
    return Known(convention, member, on, terms, convention.facts(on), names_of(terms, bodies))


def text_on(convention: LoadedConvention, on: date) -> Terms:
    """The text on a day; one that its avenants no longer hold together is shown as first written."""
    try:
        return convention.terms(on)
    except TermsError:
        return convention.base
