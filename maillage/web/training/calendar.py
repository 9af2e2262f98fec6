"""A session as an iCalendar text (RFC 5545): no attendee, no alarm, nobody's name."""

from datetime import datetime
from typing import Final

from django.urls import reverse
from icalendar import Calendar, Event

from maillage.training.models import Session
from maillage.training.states import State
from maillage.web.training import words

_PRODUCT: Final = "-//Maillage//Formations//FR"


def session_calendar(session: Session, *, site: str, at: datetime) -> bytes:
    """One event; its identifier stays the same, so that a file taken again replaces the first one."""
    address = site + reverse("training:session", args=[session.id])
    text, event = Calendar(), Event()
    text.add("prodid", _PRODUCT)
    text.add("version", "2.0")
    text.add("method", "PUBLISH")
    event.add("uid", f"{session.id}@maillage")
    event.add("dtstamp", at)
    event.add("dtstart", session.starts_at)
    event.add("dtend", session.ends_at)
    event.add("summary", f"Formation : {session.module.title}")
    event.add("description", "\n".join([session.module.teaches, f"Animée par : {session.trainer}", address]))
    event.add("location", words.where(session))
    event.add("url", address)
    event.add("status", "CANCELLED" if session.state == State.CANCELLED else "CONFIRMED")
    text.add_component(event)
    written: bytes = text.to_ical()
    return written
