"""Coming days as an iCalendar text (RFC 5545): whole days, no name of a person, no attendee, no alarm."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from django.urls import reverse
from django.utils.text import capfirst
from icalendar import Calendar, Event

from maillage.web.conventions.reading.coming import Coming

_PRODUCT: Final = "-//Maillage//Conventions//FR"


def calendar_text(found: Iterable[Coming], *, name: str, site: str, at: datetime) -> bytes:
    """One event a day and convention; its identifier stays the same from one reading to the next."""
    text = Calendar()
    text.add("prodid", _PRODUCT)
    text.add("version", "2.0")
    text.add("method", "PUBLISH")
    text.add("x-wr-calname", f"Conventions, {name}")
    text.add("refresh-interval", timedelta(hours=12), parameters={"value": "DURATION"})
    for one in found:
        text.add_component(_event(one, site=site, at=at))
    written: bytes = text.to_ical()
    return written


def _event(one: Coming, *, site: str, at: datetime) -> Event:
    address = site + reverse("conventions:convention", args=[one.convention])
    said = [one.what]
    if one.reading:
        said.append(f"Selon la lecture : {one.reading}.")
    if one.article:
        said.append(capfirst(one.article) + ".")
    event = Event()
    digest = sha256(f"{one.convention} {one.on} {one.kind} {one.what}".encode()).hexdigest()[:32]
    event.add("uid", f"{digest}@maillage")
    event.add("dtstamp", at)
    event.add("dtstart", one.on)
    event.add("dtend", one.on + timedelta(days=1))
    event.add("summary", f"{one.what} : {one.title}")
    event.add("description", "\n".join([*said, address]))
    event.add("url", address)
    event.add("transp", "TRANSPARENT")
    return event
