"""How gunicorn serves the program: ``gunicorn --config python:floorprogram.gunicorn floorprogram.wsgi``."""

import gc
from pathlib import Path

import environ

env = environ.Env()
env.read_env(Path(__file__).resolve().parent.parent / ".env")
_host = env("HOST", default="127.0.0.1")

bind = f"[{_host}]:{env('PORT', default='8000')}" if ":" in _host else f"{_host}:{env('PORT', default='8000')}"
workers = env.int("WEB_CONCURRENCY", default=1)
worker_class = "gthread"
threads = 8  # a streamed export holds one of them
timeout = 60  # seconds
graceful_timeout = 20  # seconds
keepalive = 5  # seconds
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 – memory: a slow disk must not look like a hung worker
# Django alone decides whether a proxy is believed (TRUST_PROXY); gunicorn would believe any local one
secure_scheme_headers: dict[str, str] = {}
forwarder_headers = ""
# No access log: paths hold one-click tokens
accesslog = None
control_socket_disable = True


def post_worker_init(worker: object) -> None:
    """The program itself is never garbage: a page that reads a whole season would pay for looking through it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)
