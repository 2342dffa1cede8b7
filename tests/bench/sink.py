"""A mail server in a process of its own that accepts everything and remembers it."""

from __future__ import annotations

import contextlib
import multiprocessing
import socketserver
import threading
from collections.abc import Iterator
from multiprocessing.connection import Connection

CRLF = b"\r\n"


class Sink:
    """``taken()`` gives the mails accepted since it was last asked, as bytes."""

    def __init__(self, port: int, pipe: Connection) -> None:
        self.port, self._pipe = port, pipe

    def taken(self) -> list[bytes]:
        self._pipe.send("mails")
        return self._pipe.recv()


@contextlib.contextmanager
def sink() -> Iterator[Sink]:
    """A sink on a free port, for as long as the block lasts."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(there,), daemon=True)
    process.start()
    try:
        yield Sink(here.recv(), here)
    finally:
        process.terminate()
        process.join()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = allow_reuse_address = True
    request_queue_size = 100


def _serve(pipe: Connection) -> None:
    mails: list[bytes] = []
    with _Server(("127.0.0.1", 0), _handler(mails)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        pipe.send(server.server_address[1])
        while pipe.recv():
            taken, mails[:] = mails[:], []
            pipe.send(taken)


def _handler(mails: list[bytes]) -> type[socketserver.StreamRequestHandler]:
    class Session(socketserver.StreamRequestHandler):
        """One connection: as much SMTP as smtplib speaks."""

        disable_nagle_algorithm = True

        def handle(self) -> None:
            self._say(b"220 sink")
            for line in self.rfile:
                verb = line[:4].upper().rstrip()
                if verb == b"DATA":
                    self._say(b"354 go on")
                    mails.append(self._mail())
                self._say(b"221 bye" if verb == b"QUIT" else b"250 ok")
                if verb == b"QUIT":
                    return

        def _say(self, words: bytes) -> None:
            self.wfile.write(words + CRLF)

        def _mail(self) -> bytes:
            lines = []
            for line in self.rfile:
                if line == b"." + CRLF:
                    break
                lines.append(line[1:] if line.startswith(b".") else line)
            return b"".join(lines)

    return Session
