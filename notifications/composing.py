"""From a letter to a mail: subject, text and HTML with personal links, the calendar part."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications import digests
from notifications.kinds import Button, CalendarPart, Section
from notifications.letters import Letter
from notifications.links import draft_link, purposes
from notifications.models import Link, Notice
from notifications.slots import zone_named
from notifications.standing_in import assists

LONGEST_SUBJECT = 200


class _Mail(EmailMultiAlternatives):
    """Parts are divided by a random line no text can hold, so that nobody need search the texts for it."""

    def message(self, **options: Any) -> Any:
        mail = super().message(**options)
        mail.set_boundary(f"={secrets.token_hex(20)}=")
        return mail


def compose(letter: Letter, *, now: datetime) -> tuple[EmailMultiAlternatives, list[Link]]:
    """The mail of a letter and the links in it, which are not stored yet."""
    recipient = letter.message.recipient
    with (
        translation.override(letter.language),
        timezone.override(zone_named(recipient.time_zone or settings.TIME_ZONE)),
    ):
        links = _Links(letter, now)
        sections = [_section(notice, section, links) for notice, section in letter.sections]
        context = _context(letter, sections, links.made)
        context["leave"] = links.leave
        mail = _Mail(
            subject=context["subject"],
            body=re.sub(r"\n{3,}", "\n\n", render_to_string("notifications/email/message.txt", context)).strip() + "\n",
            to=[_address(recipient.name, recipient.address)],
            headers=_headers(letter, links.leave),
        )
        mail.attach_alternative(render_to_string("notifications/email/message.html", context), "text/html")
    for _notice, section in letter.sections:
        if section.calendar:
            _attach(mail, section.calendar)
    return mail, links.made


def subject_of(letter: Letter) -> str:
    """The subject of the first notice, and how many more there are; one line, whatever a title holds."""
    rest = len(letter.sections) - 1 + letter.more
    line = letter.sections[0][1].subject_line
    if rest:
        line = ngettext("%(line)s, and one more", "%(line)s, and %(rest)d more", rest) % {"line": line, "rest": rest}
    return " ".join(line.split())[:LONGEST_SUBJECT]


def _context(letter: Letter, sections: list[dict[str, Any]], links: list[Link]) -> dict[str, Any]:
    ends = min((link.expires_at for link in links if link.purpose != digests.LEAVE), default=None)
    return {
        "subject": subject_of(letter),
        "program_name": getattr(settings, "PROGRAM_NAME", _("Back to the Floor")),
        "LANGUAGE_CODE": letter.language,
        "sections": sections,
        "more": letter.more,
        "home": settings.SITE_URL + "/",
        "reasons": list(dict.fromkeys(section.why for _notice, section in letter.sections if section.why)),
        "links_until": timezone.localtime(ends - timedelta(days=1)).date() if ends else None,
    }


def _section(notice: Notice, section: Section, links: _Links) -> dict[str, Any]:
    behalf = notice.on_behalf_of
    buttons = [(button, links.address_of(button, notice)) for button in section.buttons]
    small = [(link.label, links.address_of(link, notice)) for link in section.links]
    return {
        "says": section,
        "behalf": _for_whom(notice) if behalf else "",
        "buttons": [(button.label, url, button.primary) for button, url in buttons if url],
        "links": [(label, url) for label, url in small if url],
        "facts": [(*fact, False)[:3] for fact in section.facts],
    }


def _for_whom(notice: Notice) -> str:
    """The words above what somebody reads for another."""
    behalf = notice.on_behalf_of
    if behalf is None:
        return ""
    if assists(notice):
        return _("For %(name)s, whom you assist:") % {"name": behalf.name}
    return _("For %(name)s, who is away; you stand in:") % {"name": behalf.name}


class _Links:
    """The personal links of one letter, collected to be stored together."""

    def __init__(self, letter: Letter, now: datetime) -> None:
        self.letter, self.now = letter, now
        self._addresses: dict[tuple[Any, ...], tuple[Link, str]] = {}

    @property
    def made(self) -> list[Link]:
        return [link for link, _address in self._addresses.values()]

    @cached_property
    def leave(self) -> str:
        """The address by which the reader leaves the digest in hand; empty for anything else."""
        button = digests.button_of(self.letter)
        return self.address_of(button, self.letter.sections[0][0]) if button else ""

    def address_of(self, button: Button, notice: Notice) -> str:
        """What is behind a button. What only this person may do needs an address of their own, else a sign-in."""
        reader = self.letter.message.recipient
        if not button.purpose or (purposes[button.purpose].private and not reader.has_address_of_own):
            return settings.SITE_URL + button.path if button.path else ""
        address = self._address(button, notice, button.subject or notice.subject)
        return f"{address}?{urlencode({'answer': button.data})}" if button.data else address

    def _address(self, button: Button, notice: Notice, subject: str) -> str:
        """Buttons that differ only in the answer they fill in share a link."""
        key = (button.purpose, subject, button.days, notice.on_behalf_of_id)
        if key not in self._addresses:
            self._addresses[key] = draft_link(
                purpose=button.purpose,
                subject=subject,
                user=self.letter.message.recipient,
                now=self.now,
                days=button.days,
                on_behalf_of=notice.on_behalf_of,
                message=self.letter.message,
            )
        return self._addresses[key][1]


def _headers(letter: Letter, leave: str) -> dict[str, str]:
    fixed = {"Message-ID": letter.message.message_id, "Auto-Submitted": "auto-generated"}
    return fixed | (digests.headers(leave, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]) if leave else {})


def _address(name: str, address: str) -> str:
    """Name and address as one header value; a name may hold anything a roster did."""
    user, _at, domain = address.rpartition("@")
    return str(Address(" ".join(name.split()), user, domain))


def _attach(mail: EmailMultiAlternatives, part: CalendarPart) -> None:
    """The calendar part. Its METHOD stands in the MIME type too: calendars act only when both say the same."""
    content = part.content.decode()
    if f"METHOD:{part.method}" not in content.splitlines():
        raise ValueError(f"the calendar part does not say METHOD:{part.method}")
    mail.attach_alternative(content, f"text/calendar; method={part.method}")
