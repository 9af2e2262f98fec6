"""The sample on the board: what it says, beside the mean of all; its files, for whoever opens files; the form that draws it."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.html import format_html

from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.referrals.references import reference
from maillage.rights.board.queries import drawn_again, estimate_of, mean_of_all, sampled_parts
from maillage.rights.declared.rights import right_label
from maillage.rights.measuring.sampling import CONFIDENCE
from maillage.rights.sampled.models import Sample
from maillage.rights.sampled.rules import Between
from maillage.web.presentation.components import Fact
from maillage.web.presentation.dates import long_date, short_date
from maillage.web.presentation.numbers import number
from maillage.web.presentation.tables import Column, Row, Table, headings, query_with
from maillage.web.rights.board_tables import NOTHING, days, sampled_words


@dataclass(frozen=True, slots=True)
class Shown:
    """A sample as the page draws it; `again`: whether a second draw gave the same, None when none was asked for."""

    facts: Sequence[Fact]
    files: Table | None
    again: bool | None


def query_of(between: Between, **more: str) -> str:
    """A period as the address has it."""
    return query_with({"du": short_date(between.since), "au": short_date(between.until)}, **more)


def shown(sample: Sample, member: Member, zone: ZoneInfo, *, again: bool) -> Shown:
    """The sample of a period, with its files for whoever may open files, and a second draw where one is asked for."""
    files = _files(sample, member) if member.may(Permission.READ_REFERRALS) else None
    return Shown(_facts(sample, zone), files, drawn_again(sample) if again else None)


def _facts(sample: Sample, zone: ZoneInfo) -> list[Fact]:
    estimate = estimate_of(sample)
    low, high = estimate.interval or (None, None)
    percent = number(CONFIDENCE * 100)
    return [
        Fact("Délai total moyen de l’échantillon", f"{days(estimate.mean)} jours", sampled_words(estimate.size, sample.among)),
        Fact(
            f"Intervalle de confiance à {percent} %",
            NOTHING if low is None else f"de {days(low)} à {days(high)} jours",
            f"Sur cent échantillons tirés ainsi, environ {percent} auraient un intervalle qui contient la moyenne de tous "
            "(loi de Student, population finie).",
        ),
        Fact("Délai total moyen de tous", f"{days(mean_of_all(sample))} jours", "Tous ceux de la période, au jour du tirage."),
        Fact("Tiré le", long_date(sample.drawn_at, zone), f"{sample.size} dossiers convenus ; ni changé, ni tiré de nouveau depuis."),
        Fact("Graine", bytes(sample.seed).hex(), "Tirée par le serveur ; l’ordre du tirage est celui de HMAC-SHA256(graine, identifiant)."),
    ]  # fmt: skip


def _files(sample: Sample, member: Member) -> Table:
    """The drawn files that her organisation still reads, to be looked at one by one; no name stands here."""
    delays = dict(zip(sample.drawn, sample.days, strict=True))
    columns = [
        Column("Référence"), Column("Droit"), Column("Reçu le"), Column("Décidé le"), Column("Délai, en jours", is_number=True),
    ]  # fmt: skip
    rows = []
    for part in sampled_parts(member, sample):
        row = part.case.application
        rows.append(
            Row(
                (
                    format_html('<span class="text-nowrap">{}</span>', reference(part.case_id)),
                    right_label(row.right),
                    short_date(row.received_on) if row.received_on else NOTHING,
                    short_date(row.decided_on) if row.decided_on else NOTHING,
                    number(delays[part.case_id]),
                ),
                url=reverse("rights:application", args=[part.case_id]),
            )
        )
    missing = len(sample.drawn) - len(rows)
    return Table(
        name="echantillon-dossiers",
        caption="Dossiers de l’échantillon, dans l’ordre du tirage",
        headings=headings(columns, query={}),
        rows=rows,
        detail=f"{number(missing)} ne se lisent plus" if missing else "",
        empty="Ces dossiers ne se lisent plus.",
    )


def drawn_over(samples: Sequence[Sample], between: Between) -> Sample | None:
    """The sample of exactly this period."""
    return next((one for one in samples if (one.since, one.until) == (between.since, between.until)), None)


def overlapping(samples: Sequence[Sample], between: Between) -> bool:
    """Whether one was drawn over a part of this period."""
    return any(one.since < between.until and between.since < one.until for one in samples)


def other_periods(samples: Sequence[Sample], between: Between) -> list[tuple[str, str]]:
    """The other samples: their period, and the address of its board."""
    return [
        (
            f"Du {short_date(one.since)} au {short_date(one.until)}",
            query_of(Between(one.since, one.until)),
        )
        for one in samples
        if (one.since, one.until) != (between.since, between.until)
    ]
