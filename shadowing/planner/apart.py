"""Long solver calls in a process of their own, because HiGHS cannot be interrupted inside this one.

What takes a moment is solved here. Everything else goes to the other process, while this one keeps telling how it goes;
when the solve is stopped or its time is over that process is ended. ``python -m shadowing.planner.apart`` is its end.
"""

from __future__ import annotations

import os
import pickle
import select
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from shadowing.planner import highs
from shadowing.planner.highs import Answer
from shadowing.planner.program import Program
from shadowing.planner.watch import Watch

MOMENT = 0.5  # seconds
SMALL = 20_000  # entries of a matrix that is tried here first
LOOK = 0.25  # seconds between two looks at the watch
ROOT = Path(__file__).resolve().parents[2]


class Solvers:
    """HiGHS for one solve, here and apart. To be used as a context, which ends the other process."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self.process: subprocess.Popen | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def relaxed(self, program: Program) -> Answer:
        """See highs.relaxed; within the time that is left."""
        return self._solved("relaxed", program, seconds=self.watch.left())

    def whole(self, program: Program, *, seconds: float | None = None, nodes: int | None = None) -> Answer:
        """See highs.whole; within the time that is left, or less."""
        left = self.watch.left() if seconds is None else min(seconds, self.watch.left())
        return self._solved("whole", program, seconds=left, nodes=nodes)

    def _solved(self, name: str, program: Program, *, seconds: float, **options: Any) -> Answer:
        if program.matrix.nnz <= SMALL:
            started = self.watch.spent()
            answer: Answer = getattr(highs, name)(program, seconds=min(MOMENT, seconds), **options)
            if answer.finished or min(MOMENT, seconds) > self.watch.spent() - started or seconds <= MOMENT:
                return answer
        return self._apart(name, program, {"seconds": seconds} | options)

    def _apart(self, name: str, program: Program, options: dict[str, Any]) -> Answer:
        self.process = self.process or start()
        late = self.watch.spent() + options["seconds"] + MOMENT
        try:
            if self._sent(self.process, pickle.dumps((name, program, options)), late):
                return self._heard(self.process, late)
        except (BrokenPipeError, EOFError):  # it died, perhaps for want of memory
            pass
        self.end()
        return Answer(None, finished=False)

    def _sent(self, process: subprocess.Popen, call: bytes, late: float) -> bool:
        """Write a call as far as the process reads it; False when it is too late."""
        pipe, rest = _number(process.stdin), memoryview(call)
        os.set_blocking(pipe, False)
        while rest and self._waits(late):
            if select.select([], [pipe], [], LOOK)[1]:
                rest = rest[os.write(pipe, rest) :]
        return not rest

    def _heard(self, process: subprocess.Popen, late: float) -> Answer:
        """Its answer, or one that is not finished when it is too late."""
        while not select.select([_number(process.stdout)], [], [], LOOK)[0]:
            if not self._waits(late):
                self.end()
                return Answer(None, finished=False)
        answer: Answer = pickle.load(process.stdout)  # type: ignore[arg-type]  # noqa: S301 from ourselves
        return answer

    def _waits(self, late: float) -> bool:
        return self.watch.still() and self.watch.spent() <= late

    def end(self) -> None:
        """End the other process, whatever it is doing."""
        if self.process:
            self.process.kill()
            self.process.communicate()
            self.process = None


def _number(pipe: IO[bytes] | None) -> int:
    """The pipe's number; a process without pipes is nobody to talk to."""
    if pipe is None:
        raise EOFError
    return pipe.fileno()


def start() -> subprocess.Popen:
    """A process that answers calls until its input ends."""
    return subprocess.Popen(
        [sys.executable, "-m", "shadowing.planner.apart"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def serve() -> None:
    """Answer calls, one after the other."""
    calls, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a solver may print is no answer
    while True:
        try:
            name, program, options = pickle.load(calls)  # noqa: S301
        except EOFError:
            return
        pickle.dump(getattr(highs, name)(program, **options), answers, protocol=pickle.HIGHEST_PROTOCOL)
        answers.flush()


if __name__ == "__main__":
    serve()
