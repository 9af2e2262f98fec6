"""Readers of addresses and fields: days, hours, durations, cursors, filters, zones, tokens. Django's settings, no database."""

from datetime import UTC, datetime, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError

from maillage.cli.convention_dates import _event
from maillage.cli.days import UsageError
from maillage.conventions.calendar_feeds.actions import feed_named, token_of
from maillage.conventions.calendar_feeds.models import CalendarFeed
from maillage.core.refusals import Refused
from maillage.organisations.addresses import is_address
from maillage.secondments.rules import falls_on, first_day, meet, slots, weekly_problems
from maillage.web.conventions.reading.lists import ListFilters
from maillage.web.conventions.writing.amending.clauses import parsed
from maillage.web.directory.words import commune_said, zones_as_typed, zones_said
from maillage.web.journal import reading as journal
from maillage.web.journal.forms import JournalFilters
from maillage.web.people.cdr_forms import ConsultationForm
from maillage.web.presentation.days import FIRST, LAST, DayField
from maillage.web.presentation.forms import FrenchDateField
from maillage.web.presentation.tables import page_asked
from maillage.web.referrals import listing as referrals
from maillage.web.secondments.forms import PermanenceForm, day_asked
from tests.parsers.judging import Broken, Target

_AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
_PARIS = ZoneInfo("Europe/Paris")
_DAY, _ANY_DAY = DayField(), FrenchDateField()
_HOURS = (ConsultationForm.base_fields["hour"], PermanenceForm.base_fields["starts"])
_KINDS = ("text", "number", "date", "delay", "yaml")


def french_day(data: bytes) -> None:
    """A day typed in a form: of a convention, within two centuries; or any day, written as it is read."""
    text = data.decode(errors="replace")
    day_asked(text, _AT)
    found = _ANY_DAY.clean(text)
    if _ANY_DAY.clean(f"{found:%d/%m}/{found.year:04}") != found:
        raise Broken(str(found))
    if not FIRST <= _DAY.clean(text) <= LAST:
        raise Broken(text)


def hour(data: bytes) -> None:
    """An hour typed in a form, by both fields that read one."""
    for field in _HOURS:
        field.clean(data.decode(errors="replace"))


def permanence(data: bytes) -> None:
    """A permanence as its form brings it, one field a line: its rules, its first days and their slots; and a week of an agenda."""
    said = [line.decode(errors="replace") for line in data.split(b"\n", 7)] + [""] * 7
    asked = day_asked(said[6], _AT)
    for days in (-7, 7):
        asked + timedelta(days=days)
    form = PermanenceForm(
        dict(zip(("weekday", "starts", "ends", "minutes", "every", "since", "until"), said, strict=False))
    )
    if not form.is_valid():
        return
    weekly = form.weekly()
    if weekly_problems(weekly):
        return
    first = first_day(weekly)
    if meet(weekly, weekly) != falls_on(weekly, first):
        raise Broken(f"{weekly} and its first day")
    slots(weekly, first, _PARIS)


def day_of_a_command(data: bytes) -> None:
    """The days and the facts of `maillage convention dates`."""
    _event(data.decode(errors="replace"))


def value_of_an_avenant(data: bytes) -> None:
    """A value typed for an avenant, of the kind that the first byte says."""
    parsed(_KINDS[data[0] % len(_KINDS)] if data else "text", data[1:].decode(errors="replace"))


def cursor(data: bytes) -> None:
    """The place in a list that an address names: understood, and then written again as the same place, or the beginning."""
    request: Any = SimpleNamespace(GET={"page": data.decode(errors="replace")}, instant=_AT)
    page_asked(request.GET)
    lists: tuple[tuple[Any, Any], ...] = (
        (partial(referrals.read_cursor, in_turn=True), referrals.written_cursor),
        (partial(referrals.read_cursor, in_turn=False), referrals.written_cursor),
        (journal._place, journal._written),
    )
    for read, write in lists:
        found = read(request)
        if found is None:
            continue
        again: Any = SimpleNamespace(GET={"page": write(found)}, instant=_AT)
        if read(again) != found:
            raise Broken(f"{found} then {read(again)}")


def filters(data: bytes) -> None:
    """The filters of the conventions and of the journal, one a line."""
    said = [line.decode(errors="replace") for line in data.split(b"\n", 9)] + [""] * 10
    names = ("texte", "niveau", "partenaire", "departement", "etat", "echeance")
    ListFilters(dict(zip(names, said, strict=False))).filters(said[6])
    form = JournalFilters(
        dict(zip(("du", "au", "personne", "action", "objet", "lectures"), said, strict=False)),
        people=[(UUID(int=1), "Exemple")],
    )
    form.wanted(today=_AT.date(), zone=_PARIS)


def zones(data: bytes) -> None:
    """A territory as people write it; the zones understood, written again, are the same."""
    text = data.decode(errors="replace")
    found, _unknown = zones_said(text)
    again = zones_said(zones_as_typed(found))
    if again != (found, []):
        raise Broken(f"{found} then {again}")
    commune_said(text)
    is_address(text)


def feed_token(data: bytes) -> None:
    """The end of the address of a calendar: only one that was signed here names a row."""
    found = feed_named(data.decode(errors="replace"))
    if found is not None and found != UUID(int=1):
        raise Broken("a token that nobody signed")


_CHOSEN = (
    b"mots\nlocal\nccas\n42\nin_force\n30\n-nom", b"01/01/2026\n31/12/2026\n" + str(UUID(int=1)).encode() + b"\n\n\non",
    b"31/12/9999\n31/12/9999", b"01/01/0001\n01/01/0001", b"x\n\n\n2A\n\n90",
)  # fmt: skip
_CURSOR = b"apres_1748779200000000_00000000-0000-0000-0000-000000000001"

TARGETS = {
    "french_day": Target(
        french_day,
        (ValidationError,),
        (b"14/11/2024", b"1.1.1900", b"29-02-2100", b"2024-11-14", b"31/12/9999", b"1 1 0001"),
    ),
    "hour": Target(hour, (ValidationError,), (b"14:30", b"14h30", b"9 h 05", b"24:61", "１４:３０".encode())),
    "permanence": Target(
        permanence,
        (),
        (
            b"0\n9:00\n12:00\n30\n1\n01/06/2026\n",
            b"6\n1:30\n4:00\n10\n4\n31/12/2199\n31/12/9999",
            b"3\n0:00\n23:59\n120\n2\n1/1/1900\n",
        ),
    ),
    "day_of_a_command": Target(
        day_of_a_command,
        (UsageError,),
        (b"denunciation_sent=2024-11-14", b"terminated=2024-02-30", b"=", "complied=٢٠٢٤-11-14".encode()),
    ),
    "value_of_an_avenant": Target(
        value_of_an_avenant,
        (Refused,),
        (
            b"\0texte",
            b"\x0142",
            b"\x0214/11/2024",
            b"\x0315 jours",
            b"\x04- a: 1",
            b"\x0231/02/2024",
            "\x03² ans".encode(),
            b"\x04*a",
        ),
    ),
    "cursor": Target(
        cursor,
        (),
        (
            _CURSOR,
            _CURSOR.replace(b"apres", b"avant"),
            b"apres_-99999999999999999999_x",
            b"7",
            b"a_" + b"9" * 4400 + b"_",
        ),
    ),
    "filters": Target(filters, (), _CHOSEN),
    "zones": Target(
        zones,
        (),
        (
            b"Loire, Montbrison (42)\nR84",
            b"FR",
            "toute la France; région Bretagne | 2A".encode(),
            b"a@b.fr",
            b"Lyon (69)",
        ),
    ),
    "feed_token": Target(
        feed_token, (), (token_of(CalendarFeed(id=UUID(int=1))).encode(), b"x.y", b".", "é.é".encode())
    ),
}
