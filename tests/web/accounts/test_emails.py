"""« Mes e-mails »: what one chooses, when the last summary left, when the next one may."""

from datetime import date, datetime

import pytest

from maillage.audit.models import Entry
from maillage.core.holidays import zone_of
from maillage.notifications.mailing import Choice, Mailed, mailed
from maillage.web.accounts.emails import next_summary
from tests.referrals.world import WORKER, member
from tests.web.referrals.conftest import Signs, as_, plain

__all__ = ["as_"]
PARIS = zone_of("42")
FRIDAY, MONDAY = date(2026, 11, 27), date(2026, 11, 30)


@pytest.mark.django_db
def test_one_chooses_and_reads_when_the_next_summary_leaves(as_: Signs) -> None:
    browser, page = as_(WORKER), "/mon-compte/e-mails/"
    shown = plain(browser.get(page))
    assert "à partir de 7 h, si des dossiers vous attendent" in shown
    assert "Aucun encore." in shown
    assert "partent toujours" in shown
    done = plain(browser.post(page, {"choice": "none"}, follow=True))
    assert "Choix enregistré" in done
    assert "vous n’en voulez pas" in done
    assert "déjà votre choix" in plain(browser.post(page, {"choice": "none"}, follow=True))
    assert "Choisissez dans la liste" in plain(browser.post(page, {"choice": "weekly"}))
    with member(WORKER) as worker:
        assert mailed(worker.user).choice is Choice.NONE
        assert Entry.objects.filter(verb="account.choose_emails", user_id=str(worker.user)).count() == 1


@pytest.mark.parametrize(
    ("looked", "day", "expected"),
    [
        (None, FRIDAY, FRIDAY),
        (FRIDAY, FRIDAY, MONDAY),
        (date(2026, 11, 26), FRIDAY, FRIDAY),
        (None, date(2026, 11, 28), MONDAY),
    ],
)
def test_the_next_summary_is_of_a_working_day_not_looked_at_yet(
    looked: date | None, day: date, expected: date
) -> None:
    local = datetime(day.year, day.month, day.day, 15, tzinfo=PARIS)
    assert next_summary(Mailed(looked_on=looked), local, "42") == expected
