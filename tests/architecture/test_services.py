"""The throw-away servers tests run on."""

import os
import socket
import subprocess
import sys

import pytest

from tests.architecture.source import ROOT


@pytest.mark.redis
def test_exit_status_passes_and_the_server_is_gone():
    """Given a command that prints its server's address and fails, its status comes back and the server is gone."""
    environment = {name: value for name, value in os.environ.items() if name != "TEST_REDIS_URL"}
    command = [sys.executable, "-m", "tests.services", "redis", "--", "sh", "-c", "echo $TEST_REDIS_URL; exit 7"]

    answer = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    assert answer.returncode == 7
    assert answer.stdout.startswith("redis://127.0.0.1:")
    assert not _listening(port=int(answer.stdout.strip().removesuffix("/0").rpartition(":")[2]))


def test_what_is_given_is_used():
    """Given an address in the environment, no server is started and the address stays."""
    environment = os.environ | {"TEST_DATABASE_URL": "postgres://elsewhere/x"}
    command = [sys.executable, "-m", "tests.services", "postgres", "--", "sh", "-c", "echo $TEST_DATABASE_URL"]

    answer = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "postgres://elsewhere/x"


def _listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
