"""What a person is told, on screen: the sheets to hand her, and in a case what she was told and what she answered."""

from zoneinfo import ZoneInfo

from django.urls import reverse

from maillage.beneficiaries.models import Consent, Information
from maillage.beneficiaries.queries import consent_of
from maillage.beneficiaries.rules import LANGUAGES, MEANS, NOTICES, Told
from maillage.organisations.member import Member
from maillage.referrals.queries import File
from maillage.web.conventions.reading.papers import papers_of
from maillage.web.presentation.components import Fact
from maillage.web.presentation.dates import long_date
from maillage.web.referrals.agreeing import agreement_facts
from maillage.web.referrals.stage import Stage

_HANDED = ("information", "facile")


def notices_of(stage: Stage) -> list[tuple[str, str]]:
    """The printed information of the chosen service, in French and in easy French: label, address."""
    found = stage.proposal
    flow = found.route.flow if found is not None and found.route is not None else None
    if found is None or flow is None:
        return []
    return [
        (paper.label, reverse("conventions:paper", args=[found.convention, flow.key, paper.slug]))
        for paper in papers_of(flow)
        if paper.slug in _HANDED
    ]


def told_facts(told: Told | Information, recipient: str) -> list[Fact]:
    """What she was told of the use of her data."""
    given = [
        ("Informée le", long_date(told.given_on)),
        ("Comment", MEANS[told.means]),
        ("Langue de l’information", LANGUAGES.get(told.language, "")),
        ("Feuille remise", NOTICES.get(told.notice, "") if told.notice else ""),
        ("Destinataire annoncé", recipient),
    ]
    return [Fact(term, text) for term, text in given if text]


def information_facts(file: File, member: Member) -> list[Fact]:
    """In a case: what she was told, what she answered, and whether she took it back."""
    told, agreed = file.information, consent_of(file.participation.case)
    facts = told_facts(told, told.recipient.name) if told else []
    return facts + (
        agreement_facts(agreed, file.mandate) + _withdrawn(agreed, file, member) if agreed else []
    )


def _withdrawn(agreed: Consent, file: File, member: Member) -> list[Fact]:
    if agreed.withdrawn_at is None:
        return []
    to_sender = agreed.withdrawn_to == "sender"
    said = "à qui l’a orientée" if to_sender else f"à {file.participation.case.caisse.short_name}"
    return [
        Fact(
            "Retiré le",
            long_date(agreed.withdrawn_at.astimezone(ZoneInfo(member.time_zone)).date()),
            f"Elle l’a dit {said}.",
        )
    ]
