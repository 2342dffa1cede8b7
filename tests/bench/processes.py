"""What a process beside this one took: seconds, and the most memory it held."""

from __future__ import annotations

import json
import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.environment import ROOT

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Finished:
    seconds: float
    cpu: float  # seconds, of this process alone
    megabytes: float  # at its peak
    output: str

    @property
    def json(self) -> Any:
        """Its output, which was one JSON object."""
        return json.loads(self.output)


def run(command: list[str], environment: dict[str, str]) -> Finished:
    """Run it to its end, start included. Raises RuntimeError with its last words when it fails."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    output = process.stdout.read()
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    if process.returncode:
        raise RuntimeError(" ".join(output.split())[-300:])
    cpu = used.ru_utime + used.ru_stime
    return Finished(time.perf_counter() - started, cpu, used.ru_maxrss * 1024 / MEGABYTE, output)


def megabytes(pid: int, *, peak: bool) -> float:
    """What a living process holds now, or held at most."""
    name = "VmHWM:" if peak else "VmRSS:"
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) * 1024 / MEGABYTE


def children(pid: int) -> list[int]:
    """The processes it started."""
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
