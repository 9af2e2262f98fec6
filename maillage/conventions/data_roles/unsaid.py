"""Ways that stay closed because nobody has said who answers for their data: the same words and clause wherever one is refused."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import QuerySet
from django.db.models.functions import Now

from maillage.cases.models import Authorisation
from maillage.conventions.data_roles.queries import acceptances, standing_of
from maillage.conventions.data_roles.rules import Standing
from maillage.conventions.lifecycle.loaded import ConventionText
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import load_all, text_of, visible_to
from maillage.conventions.terms import Blank, Terms
from maillage.conventions.terms.base import article_named
from maillage.conventions.terms.flows import Flow
from maillage.core.refusals import Refused
from maillage.organisations.member import Member

UNSAID: Final = "Les rôles au regard du RGPD de ce flux ne sont pas renseignés"
WHAT_OPENS: Final = (
    "Demandez à votre délégué à la protection des données : il renseigne ces rôles, ou les deux parties acceptent par écrit "
    "de commencer sans eux."
)


@dataclass(frozen=True, slots=True)
class Unsaid:
    """A way whose convention is in force, closed for want of roles: where its text should say them, and why it does not."""

    under: Authorisation
    title: str
    terms: Terms
    flow: Flow
    article: str
    why: str

    @property
    def where(self) -> str:
        """« annexe 6, annexe manquante »."""
        return f"{article_named(self.article)}, {self.why}"

    def refused(self, kept: str = "") -> Refused:
        """The refusal of whoever would open a case by it; `kept` says what becomes of what she wrote."""
        return Refused(f"{UNSAID} ({self.where}). {WHAT_OPENS} {kept}".rstrip())


def unsaid_among(rows: QuerySet[Authorisation], member: Member, *, at: datetime) -> list[Unsaid]:
    """Those of these ways that are closed now for want of roles, in the order given: one query where none is closed."""
    running = Convention.objects.filter(in_force__contains=Now())
    closed = list(
        rows.exclude(open_during__contains=Now()).filter(convention_id__in=running.values("id"))
        .select_related("recipient")
    )  # fmt: skip
    if not closed:
        return []
    wanted = visible_to(member).filter(id__in={row.convention_id for row in closed})
    texts = {known.id: known for known in load_all(wanted)}
    return list(
        _unsaid([(row, texts[row.convention_id]) for row in closed if row.convention_id in texts], at)
    )


def unsaid_of(row: Authorisation, member: Member, *, at: datetime) -> Unsaid | None:
    """Why one way is closed, where it is for want of roles; None where its convention is not in force, or says them."""
    try:
        known = text_of(row.convention_id, organisation=member.organisation)
    except Convention.DoesNotExist:
        return None
    during = known.row.in_force
    if during is None or at not in during:
        return None
    return next(iter(_unsaid([(row, known)], at)), None)


def _unsaid(found: Sequence[tuple[Authorisation, ConventionText]], at: datetime) -> Iterator[Unsaid]:
    given = acceptances({known.id for _, known in found})
    for row, known in found:
        on = at.astimezone(known.zone).date()
        terms = known.readable(on)
        for one in standing_of(known, terms, given, on=on):
            if (
                one.key == row.flow_key
                and one.standing is Standing.BLOCKED
                and isinstance(one.said.roles, Blank)
            ):
                yield Unsaid(
                    row, known.row.title, terms, one.said.flow, one.said.article, one.said.roles.why.label
                )
