"""Who is told that a file waits too long, on which day, once each through a year of an injected clock, whatever restarts happen."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.audit.models import Entry
from maillage.core.calendar import Period
from maillage.notifications.models import Message
from maillage.rights import alerting
from maillage.rights.alerting import alert
from maillage.rights.alerts import SILENCE_NEAR, Alert, alert_days, next_day, thresholds_of
from maillage.rights.tasks import tell_of_what_waits
from tests.conventions.people import worker_process
from tests.days import PARIS, today
from tests.referrals.world import member
from tests.rights.test_examining import RIGHT, ask
from tests.rights.world import ADVISER, PASS, Signed, act, read, receive, send, text

DAYS = st.dates(date(2020, 1, 1), date(2045, 12, 31))


@given(received=DAYS, promised=st.none() | DAYS, legal=st.none() | DAYS, first=st.integers(1, 90))
def test_each_alert_day_says_why_and_they_come_in_order(
    received: date, promised: date | None, legal: date | None, first: int
) -> None:
    found = alert_days(
        received, thresholds=[Period(days=first)], promised=promised, legal=legal, departement="42"
    )
    assert [one.on for one in found] == sorted(one.on for one in found)
    expected = {Alert.MISSED} if promised else set()
    expected |= {Alert.SILENCE} if legal else set()
    expected |= {Alert.THRESHOLD} if promised or legal else set()
    assert {one.why for one in found} == expected
    for one in found:
        if one.why is Alert.MISSED:
            assert promised is not None
            assert one.on > promised
        if one.why is Alert.SILENCE:
            assert legal is not None
            assert one.on == legal - SILENCE_NEAR
    assert next_day(found, date.max) is None
    if found:
        assert next_day(found, date.min) == found[0].on


def test_the_thresholds_of_a_text_are_those_of_its_own_clock() -> None:
    terms = text()
    assert thresholds_of(terms, "c2s", urgent=False) == ()  # a blank says nothing yet
    clocks = tuple(
        clock.model_copy(update={"thresholds": (Period(days=20), Period(days=28))})
        if clock.key == "c2s"
        else clock
        for clock in terms.clocks
    )
    agreed = terms.model_copy(update={"clocks": clocks})
    assert thresholds_of(agreed, "c2s", urgent=False) == (Period(days=20), Period(days=28))
    assert thresholds_of(agreed, "ame", urgent=True) == ()
    assert thresholds_of(agreed, "medecin_traitant", urgent=False) == ()


def day(number: int) -> datetime:
    """Noon, so many days from now."""
    return datetime.combine(today() + timedelta(days=number), time(12), PARIS)


def told() -> list[tuple[str, str]]:
    """Each message that both sides' boxes got, with the day that it is about."""
    found = []
    for address in (PASS, ADVISER):
        with member(address) as someone:
            rows = Message.objects.filter(kind__startswith="applications_", recipient_id=someone.organisation)
            found += [(row.kind, row.once.split(":")[2]) for row in rows if row.referent_id is None]
    return sorted(found)


def after(number: int) -> str:
    return (today() + timedelta(days=number)).isoformat()


@pytest.mark.security
def test_a_year_tells_each_thing_once_to_both_sides(committed: Signed) -> None:
    case = send(committed, "c2s")
    row = receive(case)
    assert row.promised_on is not None
    assert row.legal_on is not None
    missed = (row.promised_on - today()).days + 1
    near = (row.legal_on - today()).days - SILENCE_NEAR.days
    assert row.alert_on == today() + timedelta(days=missed)
    with worker_process():
        runs = [alert(at=day(number)) for number in range(366) for _ in range(2)]
        tell_of_what_waits(0)
    assert sum(runs) == 2
    assert told() == sorted(
        2 * [("applications_missed", after(missed)), ("applications_silence", after(near))]
    )
    assert read(case).alert_on is None
    with member(ADVISER):
        reasons = Entry.objects.filter(verb="threshold_crossed").values_list("reason", flat=True)
        assert sorted(reasons) == [
            "dossiers de droits : 1 approchent du silence de la loi",
            "dossiers de droits : 1 ont dépassé l’engagement de la convention",
        ]


@pytest.mark.security
def test_what_waits_for_pieces_or_is_decided_is_told_of_no_more(committed: Signed) -> None:
    waiting, decided = send(committed, "c2s"), send(committed)
    receive(waiting, is_complete=False)
    ask(waiting, "tax")
    receive(decided)
    act("grant", decided, opened=RIGHT, on=today(), words="")
    with worker_process():
        assert alert(at=day(400)) == 0
    assert told() == []


@pytest.mark.security
def test_a_round_that_stops_on_its_way_goes_on_where_it_was(
    committed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    for right in ("c2s", "ame"):
        receive(send(committed, right))
    monkeypatch.setattr(alerting, "PAGE", 1)
    real, calls = alerting._tell, []  # the seam between what is written and what is told

    def failing(*said: object) -> None:
        calls.append(said)
        if len(calls) == 1:
            raise RuntimeError
        real(*said)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(alerting, "_tell", failing)
    with worker_process():
        first = alert(at=day(40))
        second = alert(at=day(40))
    assert (first, second) == (1, 1)
    assert len({kind for kind, _ in told()}) == 1


def test_the_next_alert_is_kept_beside_the_days(signed: Signed) -> None:
    case = send(signed, urgent=True, proof="certificat_medical")
    row = receive(case)
    assert row.alert_on == today() + timedelta(days=11)
