"""Throw-away servers for tests: ``python -m tests.services postgres redis chromium -- pytest``.

For each service named, in this order: what ``TEST_DATABASE_URL``, ``TEST_REDIS_URL`` or ``TEST_CHROMIUM`` says; a
server of our own from installed binaries, on a free port; the same after apt-get, when root; Docker Compose; else one
line that says what is missing. The command after ``--`` runs with those variables set, and what was started is stopped.
"""

import contextlib
import locale
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / "var" / "test-services"
PATIENCE = 300  # seconds until a server must answer, or be gone
PORTS = 5  # tried, where somebody else takes the one that was free a moment ago
PACKAGES = {
    "postgres": ["postgresql"],
    "redis": ["redis-server"],
    "chromium": ["chromium", "fonts-dejavu-core", "fonts-liberation"],
}
VARIABLES = {"postgres": "TEST_DATABASE_URL", "redis": "TEST_REDIS_URL", "chromium": "TEST_CHROMIUM"}
MISSING = {
    "postgres": "PostgreSQL is missing: install it, start Docker, or set TEST_DATABASE_URL.",
    "redis": "Redis is missing: install it, start Docker, or set TEST_REDIS_URL.",
    "chromium": "Chromium is missing: install it, or set TEST_CHROMIUM to its path.",
}
POSTGRES_OPTIONS = [
    "-clisten_addresses=127.0.0.1",
    "-cunix_socket_directories=",
    "-cmax_connections=200",
    "-cfsync=off",
    "-csynchronous_commit=off",
    "-cfull_page_writes=off",
    "-ctimezone=UTC",
    # Figures gathered while a test's tables were empty make later plans loop; the bench gathers its own
    "-cautovacuum=off",
]
COMPOSE_PORTS = {"postgres": "5432", "redis": "6379"}
Command = Callable[[int], list[str]]  # what starts a server on that port
Ready = Callable[[int, subprocess.Popen, Path], bool]


class Missing(Exception):
    """A service that cannot be had here; the message says what to do."""


def main(arguments: list[str]) -> int:
    """Start the services named before ``--``, run the command after it, and answer its exit status."""
    cut = arguments.index("--")
    names, command = arguments[:cut], arguments[cut + 1 :]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        install(names)
        with contextlib.ExitStack() as stack:
            found = {VARIABLES[name]: stack.enter_context(service(name)) for name in names}
            return run(command, os.environ | found)
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def run(command: list[str], environment: dict[str, str]) -> int:
    """The command's exit status; interrupted from the keyboard it may still finish its report."""
    process = subprocess.Popen(command, env=environment)
    try:
        return process.wait()
    except KeyboardInterrupt:
        return process.wait(timeout=30)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(timeout=30)


# --- Finding and installing ---


def binary(name: str) -> str | None:
    """The path of a service's program, or None when it is not installed."""
    if name == "postgres":
        return newest_postgres() or shutil.which("postgres")
    candidates = {
        "redis": ["redis-server", "valkey-server"],
        "chromium": ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
    }
    return next(filter(None, map(shutil.which, candidates[name])), None)


def newest_postgres() -> str | None:
    """Debian and Red Hat keep the server's programs out of PATH, a folder for each version."""
    debian, red_hat = Path("/usr/lib/postgresql").glob("*/bin/postgres"), Path("/usr").glob("pgsql-*/bin/postgres")
    found = sorted([*debian, *red_hat], key=lambda path: int("".join(filter(str.isdigit, str(path)))))
    return str(found[-1]) if found else None


def install(names: list[str]) -> None:
    """Fetch what is missing with apt-get; only root can, for the others this does nothing."""
    missing = [name for name in names if not os.environ.get(VARIABLES[name]) and not binary(name)]
    if not missing or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    packages = [package for name in missing for package in PACKAGES[name]]
    print("Installing", *packages, flush=True)
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}  # runlevel 1: start no service
    for step in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        subprocess.run(["apt-get", "-qq", *step], env=quiet, check=False, stdout=subprocess.DEVNULL)


@contextlib.contextmanager
def service(name: str) -> Iterator[str]:
    """The address of a service for as long as the block lasts. Raises Missing."""
    given = os.environ.get(VARIABLES[name])
    if given:
        yield given
    elif binary(name):
        with STARTERS[name](binary(name)) as address:
            yield address
    elif name == "chromium":
        yield playwrights_own_chromium()
    else:
        with compose(name) as address:
            yield address


# --- Starting ---


@contextlib.contextmanager
def postgres(program: str) -> Iterator[str]:
    """A PostgreSQL that forgets everything; it refuses root, so under root it runs as another user."""
    owner = server_account()
    identity = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}
    with folder_for(owner) as folder:
        set_up_cluster(Path(program).parent, folder, identity)

        def command(port: int) -> list[str]:
            return [program, "-D", str(folder / "data"), *POSTGRES_OPTIONS, "-c", f"port={port}"]

        with on_a_free_port(command, postgres_is_ready, folder, stop=signal.SIGINT, **identity) as port:
            yield f"postgres://floor@127.0.0.1:{port}/postgres"


def set_up_cluster(tools: Path, folder: Path, identity: dict) -> None:
    """An empty cluster in ``folder``/data with one account, floor. Raises Missing with what initdb said."""
    command = [str(tools / "initdb"), "-D", str(folder / "data"), "-U", "floor", "--auth=trust", "--no-sync"]
    command += ["--encoding=UTF8", f"--locale={server_locale()}"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, **identity)
    if answer.returncode:
        raise Missing(f"PostgreSQL could not be set up: {answer.stderr.strip()}")


@contextlib.contextmanager
def redis(program: str) -> Iterator[str]:
    """A Redis that keeps nothing on disk."""
    with folder_for(None) as folder:
        options = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(folder)]

        def command(port: int) -> list[str]:
            return [program, "--port", str(port), *options]

        with on_a_free_port(command, redis_is_ready, folder, stop=signal.SIGTERM) as port:
            yield f"redis://127.0.0.1:{port}/0"


@contextlib.contextmanager
def chromium(program: str) -> Iterator[str]:
    """The browser's path: the tests start it themselves."""
    yield program


STARTERS = {"postgres": postgres, "redis": redis, "chromium": chromium}


@contextlib.contextmanager
def on_a_free_port(command: Command, ready: Ready, folder: Path, *, stop: signal.Signals, **identity) -> Iterator[int]:
    """The port our server answers on: another one is tried where it ends for not getting the first."""
    for left in reversed(range(PORTS)):
        port = free_port()
        with server(command(port), folder, stop=stop, **identity) as process:
            try:
                wait_until(lambda port=port, process=process: ready(port, process, folder), process, folder)
            except Missing as missing:
                if not left or "in use" not in str(missing):
                    raise
                continue
            yield port
            return


@contextlib.contextmanager
def server(command: list[str], folder: Path, *, stop: signal.Signals, **identity) -> Iterator[subprocess.Popen]:
    """A process in a session of its own (Ctrl-C is meant for the tests), stopped when the block ends."""
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, start_new_session=True, **identity)
    try:
        yield process
    finally:
        process.send_signal(stop)
        try:
            process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def compose(name: str) -> Iterator[str]:
    """The same service from docker-compose.yml, under a project name of this run, on a port Docker picks."""
    if not shutil.which("docker"):
        raise Missing(MISSING[name])
    files = ["-f", "docker-compose.yml", "-f", "tests/docker-compose.yml"]
    docker = ["docker", "compose", "-p", f"floor-tests-{os.getpid()}-{name}", *files]
    try:
        if subprocess.run([*docker, "up", "-d", "--wait", name], cwd=ROOT, check=False, capture_output=True).returncode:
            raise Missing(MISSING[name])
        answer = subprocess.run([*docker, "port", name, COMPOSE_PORTS[name]], cwd=ROOT, check=True, capture_output=True)
        address = answer.stdout.decode().strip()
        yield f"postgres://floor:floor@{address}/floor" if name == "postgres" else f"redis://{address}/0"
    finally:
        subprocess.run([*docker, "down", "-v"], cwd=ROOT, check=False, capture_output=True)


def playwrights_own_chromium() -> str:
    """Playwright's own build, kept in var/; for a person who may not install one. Raises Missing."""
    place = ROOT / "var" / "browsers"
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    environment = os.environ | {"PLAYWRIGHT_BROWSERS_PATH": str(place)}
    if subprocess.run(command, env=environment, check=False, capture_output=True).returncode:
        raise Missing(MISSING["chromium"])
    return next(map(str, place.glob("chromium-*/chrome-*/chrome")))


# --- Small parts ---


def server_account() -> pwd.struct_passwd | None:
    """Whom PostgreSQL runs as: ourselves (None), or under root the first of two accounts without rights."""
    if os.geteuid() != 0:
        return None
    known = {account.pw_name: account for account in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def server_locale() -> str:
    """C.UTF-8 folds the case of every letter; plain C, of ASCII alone."""
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return "C"
    return "C.UTF-8"


@contextlib.contextmanager
def folder_for(owner: pwd.struct_passwd | None) -> Iterator[Path]:
    """An empty folder under var/, or under /tmp where its owner could not reach var/ (a project in /root)."""
    HOME.mkdir(parents=True, exist_ok=True)
    reachable = owner is None or all(place.stat().st_mode & 0o001 for place in [HOME, *HOME.parents])
    folder = Path(tempfile.mkdtemp(prefix="floor-", dir=HOME if reachable else None))
    try:
        if owner:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def postgres_is_ready(port: int, process: subprocess.Popen, folder: Path) -> bool:
    """Asked of its own file: whatever else may answer on that port, this one is ours."""
    with contextlib.suppress(OSError, IndexError):
        lines = (folder / "data" / "postmaster.pid").read_text().splitlines()
        return (lines[0], lines[3], lines[7].strip()) == (str(process.pid), str(port), "ready")
    return False


def redis_is_ready(port: int, process: subprocess.Popen, folder: Path) -> bool:
    """It says its own number: a Redis of somebody else on that port says another."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b"INFO server\r\n")
        return f"process_id:{process.pid}\r".encode() in connection.recv(65536)
    return False


def wait_until(ready, process: subprocess.Popen, folder: Path) -> None:
    """Returns when the server answers. Raises Missing with its last words when it ends first, or takes too long."""
    deadline = time.monotonic() + PATIENCE
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise Missing(f"{Path(process.args[0]).name} did not start: {(folder / 'log').read_text()[-800:]}")
        time.sleep(0.05)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
