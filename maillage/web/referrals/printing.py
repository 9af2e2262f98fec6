"""A referral printed as a filled form: for whoever opens the case, and for nobody's cache."""

from html import unescape
from uuid import UUID

import segno
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString

from maillage.audit.actions import record
from maillage.cases.models import Participation
from maillage.conventions.lifecycle.models import Convention
from maillage.documents.rendering import render_pdf
from maillage.organisations.roles import Permission
from maillage.referrals import queries
from maillage.referrals.paper.filled import Section, filled_form
from maillage.referrals.references import reference
from maillage.web.conventions.reading.values import article_words
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.components import Fact
from maillage.web.referrals.naming import service_of
from maillage.web.referrals.told import information_facts
from maillage.web.referrals.words import described_facts, person_facts
from maillage.web.rules import acting_member, page


@page(permission=Permission.READ_REFERRALS)
def filled(request: MemberRequest, case: UUID) -> HttpResponse:
    """The filled form of one case, as a PDF; whoever does not follow it is led to its page. Printing is journalled."""
    member = acting_member(request)
    try:
        file = queries.file_of(member, case)
    except Participation.DoesNotExist as unknown:
        raise Http404 from unknown
    except queries.NotFollowed:
        return redirect("referrals:case", case)
    part, named = file.participation, reference(case)
    convention = Convention.objects.filter(id=part.convention_id).values_list("title", flat=True).first()
    sheet = filled_form(
        service=service_of(part.case),
        sides=f"{part.case.sender.name} vers {part.case.caisse.name}",
        source=f"{convention or 'Convention'}, {article_words(part.case.authorisation.article)}",
        reference=named,
        sections=(
            Section("La personne", _answers(person_facts(file.identity) if file.identity else [])),
            Section("Sa situation", _answers(described_facts(file))),
            Section("Ce qu’elle sait", _answers(information_facts(file, member))),
        ),
        code=square(named),
    )
    record(
        verb="referral.print",
        object_type="referral",
        object_ref=case,
        by=member.user,
        organisation=member.organisation,
        fields=("identity", "narrative", "situation"),
    )
    answer = HttpResponse(render_pdf("sheet", sheet.as_data()), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="orientation-{named}.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def square(held: str) -> tuple[str, ...]:
    """The rows of a square code that holds these words and nothing else."""
    rows = segno.make(held, error="m", micro=False).matrix  # telephones do not read the small kind
    return tuple("".join("1" if dark else "0" for dark in row) for row in rows)


def _answers(facts: list[Fact]) -> tuple[tuple[str, str], ...]:
    return tuple((fact.term, _plain(fact.text)) for fact in facts)


def _plain(said: str) -> str:
    """What is markup on screen, as text."""
    return unescape(said.replace("<br>", "\n")) if isinstance(said, SafeString) else said
