"""One POST to one address: pinned to what was resolved, without redirects, within seconds, and its answer's body unread."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping

from notifications.webhooks.guard import Forbidden, Target, read, resolve

STEP, WHOLE = 5.0, 12.0  # seconds: for one step of the talk, and for all of it once connected
MOST_ADDRESSES = 2  # of a name, tried one after the other
AGENT = "floorprogram-webhooks/1"


class Unanswered(Exception):
    """No answer came: the name is unknown, nobody listens, the certificate is wrong, or it took too long."""


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """The status of the answer, whatever it is; a redirect is an answer and is not followed. Raises Forbidden before
    any socket is opened, or Unanswered."""
    target = read(url)
    try:
        connection = _connect(target, resolve(target))
        with contextlib.closing(connection), _deadline(connection):
            return _exchange(connection, target, body, headers)
    except Forbidden:
        raise
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unanswered(reason_of(error)) from error


def reason_of(error: BaseException) -> str:
    """What went wrong in words of our own: an error's text may hold the address."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"certificate not accepted ({error.verify_message})"
    if isinstance(error, socket.gaierror):
        return "the host's name is not known"
    if isinstance(error, ConnectionRefusedError):
        return "nobody listens there"
    return f"no proper answer ({type(error).__name__})"


def _exchange(connection: http.client.HTTPConnection, target: Target, body: bytes, headers: Mapping[str, str]) -> int:
    fixed = {"Content-Type": "application/json", "User-Agent": AGENT, "Connection": "close"}
    if isinstance(connection.sock, ssl.SSLSocket):
        connection.sock.do_handshake()
    connection.request("POST", target.path, body=body, headers={**fixed, **headers})
    return connection.getresponse().status


def _connect(target: Target, addresses: list[str]) -> http.client.HTTPConnection:
    """Connected to one of these addresses and no other; the certificate must be the name's."""
    raw = _socket(addresses[:MOST_ADDRESSES], target.port)
    connection = http.client.HTTPConnection(target.host, target.port, timeout=STEP)
    if target.scheme == "https":
        connection.default_port = 443
        secure = ssl.create_default_context()
        raw = secure.wrap_socket(raw, server_hostname=target.host, do_handshake_on_connect=False)
    connection.sock = raw
    connection.auto_open = 0  # or it would connect by name once more when this socket is gone
    return connection


def _socket(addresses: list[str], port: int) -> socket.socket:
    for number, address in enumerate(addresses, start=1):
        try:
            return socket.create_connection((address, port), timeout=STEP)
        except OSError:
            if number == len(addresses):
                raise
    raise OSError


@contextlib.contextmanager
def _deadline(connection: http.client.HTTPConnection) -> Iterator[None]:
    """Ends a talk that drips: every step in time, and yet no end."""
    ended = threading.Event()

    def end(sock: socket.socket = connection.sock) -> None:
        ended.set()
        with contextlib.suppress(OSError):
            socket.socket.shutdown(sock, socket.SHUT_RDWR)  # not SSLSocket's own, which another thread must not call

    timer = threading.Timer(WHOLE, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise TimeoutError if ended.is_set() else error from error
    else:
        if ended.is_set():  # headers that were cut off read like headers that were at their end
            raise TimeoutError
    finally:
        timer.cancel()
