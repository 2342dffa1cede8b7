"""Two gunicorns at once, the program's and the floor's, and a browser that keeps its connection."""

from __future__ import annotations

import contextlib
import http.client
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from tests.environment import ROOT, VAR
from tests.services import free_port

PATIENCE = 60  # seconds until a server must answer
CSRF = "bench0123456789bench0123456789bb"  # cookie and field alike: what Django compares
GUNICORN = [sys.executable, "-m", "gunicorn", "--config", "python:floorprogram.gunicorn", "floorprogram.wsgi"]


@dataclass(frozen=True)
class Server:
    port: int
    pid: int


@contextlib.contextmanager
def gunicorn(environment: dict[str, str], settings: str) -> Iterator[Server]:
    """A server with two workers, as ``make serve`` starts it."""
    port = free_port()
    given = environment | {"HOST": "127.0.0.1", "PORT": str(port), "DJANGO_SETTINGS_MODULE": settings}
    log = VAR / "bench" / f"{settings}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen(GUNICORN, env=given, cwd=ROOT, stdout=output, stderr=output, start_new_session=True)
    try:
        _wait(port, process, log.name)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(port: int, process: subprocess.Popen, log: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError):
            Browser(port).get("/accounts/login/")
            return
        time.sleep(0.1)
    raise RuntimeError(f"gunicorn does not answer: see var/bench/{log}")


@dataclass(frozen=True)
class Answer:
    seconds: float
    status: int
    body: bytes
    first_byte: float = 0.0


class Browser:
    """One person's browser: keeps the connection, never follows redirects, remembers no cookies but its own."""

    def __init__(self, port: int, session: str = "") -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._headers = {"Cookie": f"session={session}; csrf={CSRF}"}

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None, self._headers)

    def post(self, path: str, **fields: str) -> Answer:
        body = urlencode(fields | {"csrfmiddlewaretoken": CSRF})
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, body, self._headers | form)

    def close(self) -> None:
        """The next request takes a new connection, perhaps to the other worker."""
        self._connection.close()

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        started = time.perf_counter()
        try:
            self._connection.request(method, path, body, headers)
            response = self._connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):  # the server let an idle connection go
            self._connection.close()
            started = time.perf_counter()
            self._connection.request(method, path, body, headers)
            response = self._connection.getresponse()
        first = response.read(1)
        first_byte = time.perf_counter() - started
        answered = first + response.read()
        return Answer(time.perf_counter() - started, response.status, answered, first_byte)
