"""« Une demande est déjà en cours », in words: which, since when, where it stands; its page for whoever follows it."""

from django.urls import reverse

from maillage.cases.beside import Beside
from maillage.organisations.member import Member
from maillage.referrals.content import Content
from maillage.referrals.references import reference
from maillage.referrals.under_way import under_way
from maillage.web.presentation.dates import long_date
from maillage.web.referrals.life import part_words, side_of
from maillage.web.referrals.tasks import local_day

Already = tuple[str, str]
"""A sentence, and the address of the case where the reader follows it."""


def already_said(member: Member, content: Content) -> list[Already]:
    """What the member's organisation has under way for the same person and service."""
    return [_said(one, member) for one in under_way(member, content)]


def _said(one: Beside, member: Member) -> Already:
    part = one.part
    sent = long_date(local_day(part.since, member))
    words = f"{reference(part.case_id)}, envoyée le {sent} : {part_words(part, side_of(part.role, member))}."
    if one.is_open:
        return words, reverse("referrals:case", args=[part.case_id])
    who = f"Suivie par {', '.join(one.followers)}." if one.followers else "Personne ne la suit."
    return f"{words} {who}", ""
