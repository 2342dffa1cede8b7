"""What is committed, and what must not be."""

import json
import subprocess

import yaml

from tests.architecture.source import ROOT


def committed() -> list[str]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [name for name in listing.split("\0") if name]


def test_npm_lock_names_no_registry():
    """An address in the lock would tie the program to the registry of whoever wrote it."""
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]

    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    assert [name for name, entry in packages.items() if name and "integrity" not in entry] == []


def test_python_locks_name_no_index():
    for lock in (ROOT / "requirements").glob("*.txt"):
        lines = lock.read_text().splitlines()
        assert [line for line in lines if line.startswith("-") or "://" in line] == [], lock.name


def test_every_locked_package_has_a_hash():
    for lock in (ROOT / "requirements").glob("*.txt"):
        pins = [block for block in lock.read_text().split("\n") if "==" in block and not block.startswith(" ")]
        assert [pin for pin in pins if not pin.endswith("\\")] == [], lock.name


def test_nothing_generated_or_fetched_is_committed():
    unwanted = (".venv/", "node_modules/", "var/", "static/vendor/", "htmlcov/")
    assert [
        name for name in committed() if name.startswith(unwanted) or name.endswith((".pyc", ".min.js", ".env"))
    ] == []


def test_compose_files_name_the_same_services():
    """Given the overlay tests lay over docker-compose.yml, each of its services is one of the program's."""
    program = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    overlay = yaml.safe_load((ROOT / "tests" / "docker-compose.yml").read_text())["services"]

    assert set(overlay) <= set(program)
    assert all("healthcheck" in service for service in program.values())


def test_both_ways_of_running_start_the_same_processes():
    processes = {line.partition(":")[0] for line in (ROOT / "Procfile").read_text().splitlines() if line}
    program = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]

    assert processes == set(program) - {"postgres", "redis"}
