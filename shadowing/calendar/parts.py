"""The calendar part of a message about a visit: REQUEST to put or move it, CANCEL to take it away."""

from __future__ import annotations

from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

from people.models import User
from shadowing import agenda
from shadowing.calendar import zones
from shadowing.models import Visit, VisitDay, VisitState

PRODUCT = "-//Floor Program//Visits//EN"
STATUS = {
    VisitState.PROPOSED: "TENTATIVE",
    VisitState.INVITED: "TENTATIVE",
    VisitState.CONFIRMED: "CONFIRMED",
    VisitState.HELD: "CONFIRMED",
}


def invitation(visit: Visit, recipient: User, method: str, *, now: datetime, day: VisitDay | None = None) -> bytes:
    """One visit as a calendar of its own for one reader. ``method`` is REQUEST or CANCEL; ``now`` becomes DTSTAMP.

    UID and SEQUENCE are the visit's, so a later part replaces the earlier. Only the reader is named as attendee: nobody gets
    another person's address from us. Answers go through links, hence no RSVP.
    """
    made = calendar(method)
    if visit.site.zone.key != "UTC":
        made.add_component(zones.component(visit.site.zone, visit.date, visit.date))
    entry = event(visit, now=now, day=day)
    entry.add("attendee", attendee(recipient), encode=0)
    if method == "CANCEL":
        entry["status"] = vText("CANCELLED")
    made.add_component(entry)
    return bytes(made.to_ical())


def calendar(method: str) -> Calendar:
    """An empty calendar of ours."""
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", method)
    return made


def event(visit: Visit, *, now: datetime, day: VisitDay | None = None) -> Event:
    """The visit as an event in its site's time, from the first to the last entry of the agenda."""
    slots = agenda.slots((day and day.agenda) or visit.season.agenda, day=visit.date, zone=visit.site.zone)
    starts, ends = agenda.span(slots)
    made = Event()
    made.add("uid", f"visit-{visit.uuid}@floorprogram")
    made.add("sequence", visit.sequence)
    made.add("dtstamp", now)
    made.add("dtstart", starts)
    made.add("dtend", ends)
    made.add("summary", summary(visit))
    made.add("description", description(visit, slots))
    made.add("location", ", ".join(filter(None, [visit.site.name, day.room if day else ""])))
    made.add("url", settings.SITE_URL + visit.get_absolute_url())
    made.add("status", STATUS.get(VisitState(visit.state), "CANCELLED"))
    made.add("organizer", organizer(), encode=0)
    return made


def summary(visit: Visit) -> str:
    words = _("Back to the floor: %(executive)s with %(host)s")
    return words % {"executive": visit.executive.user.name, "host": visit.host.user.name}


def description(visit: Visit, slots: list[agenda.Slot]) -> str:
    """The timetable, what the day is, and where its page is."""
    times = [f"{slot.starts:%H:%M} {slot.word}" for slot in slots]
    words: list[str | Promise] = [_("Times at %(site)s.") % {"site": visit.site}, *times]
    words += ["", _("Nobody comes to catch a mistake.")]
    words += [_("Answer through the link in your message."), settings.SITE_URL + visit.get_absolute_url()]
    return "\n".join(map(str, words))


def organizer() -> vCalAddress:
    """The program itself, from the sender's address."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    made = vCalAddress(f"mailto:{address}")
    made.params["CN"] = vText(name or "Back to the Floor")
    return made


def attendee(person: User) -> vCalAddress:
    made = vCalAddress(f"mailto:{person.address}")
    made.params["CN"] = vText(person.name)
    made.params["ROLE"] = vText("REQ-PARTICIPANT")
    made.params["PARTSTAT"] = vText("NEEDS-ACTION")
    made.params["RSVP"] = vText("FALSE")
    return made
