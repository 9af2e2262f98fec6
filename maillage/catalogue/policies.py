"""Who keeps supports and stocks. Predicates only; reaching them at all is `queries`."""

from maillage.catalogue.models import Support
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission


def can_keep(member: Member) -> bool:
    """Whoever keeps conventions alive in her organisation: the texts promise these supports (S2 art. 4.1, S3 annex 4)."""
    return member.may(Permission.WRITE_CONVENTIONS)


def can_keep_support(member: Member, support: Support) -> bool:
    """The same, for a support of her own organisation: others read it and keep a stock of it."""
    return can_keep(member) and support.organisation_id == member.organisation
