"""Campaigns, who has answered, what was released; and the questions that a campaign adds to the sheets of a convention."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Q

from maillage.conventions import library
from maillage.conventions.drafting.starting import template_of
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Relation
from maillage.conventions.terms.steering import Indicator
from maillage.indicators.campaigns.models import Campaign, CampaignReminder, ReleasedFigure
from maillage.indicators.consolidated.series import SeriesKey
from maillage.indicators.figures import Year
from maillage.organisations.member import Member


@dataclass(frozen=True, slots=True)
class Answering:
    """Where one convention of a campaign stands, without any figure: `state` is empty before its first answer."""

    convention: UUID
    title: str
    caisse: str
    departement: str
    network: str
    state: str
    since: datetime | None


def questions_of(campaign: Campaign) -> tuple[Indicator, ...]:
    """What a campaign asks."""
    return tuple(Indicator.model_validate(one) for one in campaign.questions)


def asked_of(known: LoadedConvention, years: Iterable[Year]) -> tuple[Campaign, ...]:
    """The campaigns that ask something of a convention about some years: those of the texts that it implements, of the template from
    which it was made, and its own."""
    above = Relation.objects.filter(convention=known.id, kind="implements", target__isnull=False)
    asking = Q(framework__in=above.values("target")) | Q(framework=known.id)
    if known.row.template:
        asking |= Q(template=known.row.template)
    return tuple(Campaign.objects.filter(asking, year__in=[one.number for one in years]).order_by("id"))


def with_campaigns(own: Iterable[Indicator], campaigns: Iterable[Campaign]) -> tuple[Indicator, ...]:
    """The questions of a text, then those that its campaigns add; one that bears the key of another is the same."""
    found = {one.key: one for one in own}
    for campaign in campaigns:
        for one in questions_of(campaign):
            found.setdefault(one.key, one)
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Expected:
    """A sheet that a campaign waits for, of a convention of the member's organisation."""

    convention: UUID
    title: str
    year: int
    due_on: date


def expected(member: Member, most: int = 50) -> list[Expected]:
    """The sheets that open campaigns wait for and that nobody has handed over, the most urgent first; in one question."""
    with connection.cursor() as cursor:
        cursor.execute(_EXPECTED, [member.organisation, most])
        return [Expected(*row) for row in cursor.fetchall()]


_EXPECTED: Final = """
SELECT v.id, v.title, c.year, min(c.due_on) AS due_on
  FROM conventions_party mine
  JOIN conventions_convention v ON v.id = mine.convention_id
  JOIN indicators_campaign c ON c.state = 'open' AND (c.template <> '' AND c.template = v.template OR EXISTS (
       SELECT 1 FROM conventions_relation k WHERE k.convention_id = v.id AND k.target_id = c.framework_id AND k.kind = 'implements'))
 WHERE mine.organisation_id = %s AND mine.role <> 'informed'
   AND v.in_force && tstzrange(make_date(c.year, 1, 1)::timestamptz, make_date(c.year + 1, 1, 1)::timestamptz)
   AND NOT EXISTS (SELECT 1 FROM indicators_yearsheet s WHERE s.convention_id = v.id AND s.year = c.year AND s.state <> 'filling')
 GROUP BY v.id, v.title, c.year
 ORDER BY due_on, v.id
 LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Template:
    """A template of the library of which bodies below the acting one hold conventions: since which day, how many."""

    name: str
    title: str
    since: date
    conventions: int

    @property
    def questions(self) -> tuple[Indicator, ...]:
        """What its text asks today."""
        return template_of(library.load(self.name)).indicators


def templates() -> list[Template]:
    """The templates over which the acting organisation may open a campaign, by name: it heads those who hold their conventions."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT template, since, conventions FROM indicators_templates()")
        return [
            Template(name, template_of(library.load(name)).title, since, number)
            for name, since, number in cursor.fetchall()
            if name in library.names()
        ]


def campaigns() -> list[Campaign]:
    """All of them, the last year first; they say nothing of anybody."""
    return list(
        Campaign.objects.select_related("opened_for").defer("questions").order_by("-year", "title")[:200]
    )


def progress(campaign: Campaign, member: Member) -> list[Answering]:
    """Where each convention stands, for whoever opened the campaign; the territories in their order. Empty for anybody else."""
    if campaign.opened_for_id != member.organisation:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM indicators_progress(%s)", [campaign.id])
        return [Answering(*row) for row in cursor.fetchall()]


def reminders_left(campaign: Campaign) -> list[CampaignReminder]:
    """The reminders that left, the first ones first; none for whoever did not open the campaign."""
    return list(CampaignReminder.objects.filter(campaign=campaign).order_by("on"))


def published(
    campaign: Campaign, *, network: str, territories: Iterable[str] | None = None
) -> dict[tuple[SeriesKey, str], int | None]:
    """What a campaign released with one network, by series and territory; None where it is hidden. Empty before."""
    rows = ReleasedFigure.objects.filter(campaign=campaign, network=network)
    if territories is not None:
        rows = rows.filter(territory__in=list(territories))
    values = rows.values_list("question", "part", "term", "territory", "amount")
    return {
        (SeriesKey(question, part, term), territory): amount
        for question, part, term, territory, amount in values.order_by(
            "question", "part", "term", "territory"
        )
    }


def networks_of(campaign: Campaign) -> list[str]:
    """The networks that a campaign released figures of, without the total."""
    rows = ReleasedFigure.objects.filter(campaign=campaign).values_list("network", flat=True)
    return sorted(set(rows.order_by("network").distinct("network")) - {"total"})
