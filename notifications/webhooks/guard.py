"""Where a webhook may lead: to programs outside, never to what lies inside the network of the server.

An address is looked at twice. When it is typed: its scheme, host and port. When something is sent: the name is resolved
once, every answer must be an address of the open internet, and the connection goes to one of these very addresses, so a
name that answers differently the next moment gains nothing. No socket is opened before that.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from people.errors import Refused

IP = ipaddress.IPv4Address | ipaddress.IPv6Address
PORTS = {"http": 80, "https": 443}
LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)")  # a last label that makes programs read the host as an IPv4 address
INSIDE = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "arpa")


class Forbidden(Refused):
    """The address leads where no webhook may go, or nowhere."""


@dataclass(frozen=True)
class Target:
    """An address taken apart. ``path`` has the query with it."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def inside(self) -> bool:
        """An operator named this host as one inside the network that webhooks may reach."""
        return self.host in settings.WEBHOOK_HOSTS_INSIDE


def read(url: str) -> Target:
    """The parts of an address that may be used. Opens nothing, asks no name server. Raises Forbidden."""
    parts = _split(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and settings.DEBUG):
        raise _forbidden(_("The address must begin with https://."))
    if "@" in parts.netloc:
        raise _forbidden(_("Leave name and password out of the address."))
    host = _host(parts.hostname or "")
    port = parts.port if parts.port is not None else PORTS[parts.scheme]
    if port not in settings.WEBHOOK_PORTS:
        raise _forbidden(_("Port %(port)d is not open for webhooks.") % {"port": port})
    target = Target(parts.scheme, host, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
    _check_host(target)
    return target


def resolve(target: Target) -> list[str]:
    """The addresses of the target, each one allowed. Raises Forbidden, or OSError when the name is not known."""
    answers: list[Any] = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    found = list(dict.fromkeys(str(answer[4][0]) for answer in answers))
    if not found or not all(_is_open(address, target) for address in found):
        raise _forbidden(_("This address lies inside the network."))
    return found


def is_outside(address: IP) -> bool:
    """An address of the open internet that carries no other address inside."""
    carries = isinstance(address, ipaddress.IPv6Address) and (
        address.ipv4_mapped or address.sixtofour or address.teredo or address.is_site_local
    )
    special = address.is_private or address.is_loopback or address.is_link_local or address.is_unspecified
    return address.is_global and not (carries or special or address.is_multicast or address.is_reserved)


def _is_open(text: str, target: Target) -> bool:
    address = _ip(text.partition("%")[0])
    if address is None or address.is_link_local or address.is_multicast or address.is_unspecified:
        return False
    return is_outside(address) or target.inside


def _split(url: str) -> SplitResult:
    """Characters that programs disagree about are refused rather than read one way or the other."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises when it is no number
    except ValueError as error:
        raise _forbidden(_("This is no address of a program.")) from error
    odd = re.search(r"[^\x21-\x7e]|\\", url)
    if odd or parts.fragment or not parts.hostname:
        raise _forbidden(_("This is no address of a program."))
    return parts


def _host(name: str) -> str:
    return name.lower().removesuffix(".")


def _check_host(target: Target) -> None:
    if target.inside:
        return
    address, labels = _ip(target.host), target.host.split(".")
    if address is not None:
        if not is_outside(address):
            raise _forbidden(_("This address lies inside the network."))
        return
    if NUMBER.fullmatch(labels[-1]) or not all(LABEL.fullmatch(label) for label in labels):
        raise _forbidden(_("Write the host as a name."))
    if len(labels) == 1 or labels[-1] in INSIDE:
        raise _forbidden(_("This address lies inside the network."))


def _ip(text: str) -> IP | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _forbidden(words: str) -> Forbidden:
    return Forbidden(words, field="url")
