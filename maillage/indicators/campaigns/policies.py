"""Who opens, closes and follows a campaign."""

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.policies import can_record
from maillage.conventions.terms.identity import Level
from maillage.indicators.campaigns.models import Campaign
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission

NATIONAL = frozenset({Level.NATIONAL, Level.NATIONAL_FRAMEWORK})


def can_open(member: Member, known: LoadedConvention) -> bool:
    """A referent of the organisation that holds a signed text asks its questions of the conventions that implement it."""
    return can_record(member, known) and known.row.drafted_by_id == member.organisation


def can_open_on_templates(member: Member) -> bool:
    """A referent opens one where her organisation heads those who hold the conventions: `queries.templates` says of which."""
    return member.may(Permission.WRITE_CONVENTIONS)


def is_national(known: LoadedConvention) -> bool:
    """Whether others implement it: a national text, framework or not."""
    return known.row.level in NATIONAL


def can_run(member: Member, campaign: Campaign) -> bool:
    """The organisation that opened a campaign closes it, and follows who has answered."""
    return member.may(Permission.WRITE_CONVENTIONS) and campaign.opened_for_id == member.organisation
