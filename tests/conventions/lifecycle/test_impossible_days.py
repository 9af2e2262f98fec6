"""A fact of an impossible day is refused at its field, whoever records it; nothing is kept."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from maillage.conventions.lifecycle import actions
from maillage.conventions.lifecycle.models import Event
from maillage.conventions.lifecycle.registered import Letter, denounce, warn
from maillage.core.refusals import Refused
from tests.conventions.people import CPAM, S2, instant, member, seen, signed

pytestmark = pytest.mark.django_db
AT = instant("2026-02-03")
OLD = date(2010, 1, 1)
BEFORE = "n’était pas encore signée"


@pytest.mark.parametrize(
    ("action", "facts", "field", "said"),
    [
        (actions.oppose_renewal, {"day": OLD}, "day", BEFORE),
        (actions.share_evaluation, {"day": OLD}, "day", BEFORE),
        (actions.end_by_agreement, {"day": OLD, "document": None}, "day", BEFORE),
        (
            actions.supersede,
            {"day": OLD, "effect": date(2026, 3, 1), "successor": "Une autre"},
            "day",
            BEFORE,
        ),
        (actions.renew, {"day": OLD}, "day", BEFORE),
        (actions.renew, {"day": date(2026, 2, 2)}, "day", "le lendemain d’un terme : 14/11/2025"),
        (
            warn,
            {"letter": Letter("ccas", date(2020, 1, 1)), "commitment": "bilan_annuel"},
            "sent_on_ccas",
            BEFORE,
        ),
        (
            denounce,
            {"letters": [Letter("ccas", OLD), Letter("carsat", date(2026, 2, 1))]},
            "sent_on_ccas",
            BEFORE,
        ),
    ],
)
def test_a_day_before_the_convention_is_refused_at_its_field(
    action: Callable[..., Any], facts: dict[str, Any], field: str, said: str, signed_s3: UUID
) -> None:
    with pytest.raises(Refused) as refused, member(CPAM, AT) as referent:
        action(convention=seen(referent, signed_s3), by=referent, at=AT, **facts)
    assert any(fault.field == field and said in fault.message for fault in refused.value.faults)
    with member(CPAM, AT):
        assert set(Event.objects.filter(convention=signed_s3).values_list("kind", flat=True)) == {"proposed"}


def test_a_reading_is_not_retained_before_the_text_was_known() -> None:
    new = signed(S2, instant("2025-02-20"), instant("2025-03-01"))
    reading = {"clause": "anniversary_denunciation", "reading": "window", "note": "Courrier"}
    for day, refused in ((date(2000, 1, 1), True), (date(2025, 2, 25), False)):
        with member(CPAM, AT) as referent:
            row = seen(referent, new)
            if refused:
                with pytest.raises(Refused, match="n’existait pas encore"):
                    actions.retain_reading(convention=row, day=day, by=referent, at=AT, **reading)  # type: ignore[arg-type]
            else:
                kept = actions.retain_reading(convention=row, day=day, by=referent, at=AT, **reading)  # type: ignore[arg-type]
                assert kept.event.day == day
