"""The time a solve may take, and the person who watches it and may stop it."""

import time

from shadowing.planner.problem import Progress, Report
from shadowing.planner.scoring import SCALE


class Watch:
    """Tells how a solve goes; remembers that it was stopped."""

    def __init__(self, seconds: float, report: Report | None) -> None:
        self.started = time.monotonic()
        self.deadline = self.started + seconds
        self.report = report
        self.stopped = False

    def left(self) -> float:
        """Seconds until the deadline; negative afterwards."""
        return self.deadline - time.monotonic()

    def spent(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.started

    def tell(
        self, stage: str, fraction: float, *, placed: int = 0, objective: int | None = None, bound: int | None = None
    ) -> bool:
        """Report where the solve stands, values in thousandths; False once somebody stopped it."""
        if self.report and not self.stopped:
            values = [None if value is None else value / SCALE for value in (objective, bound)]
            self.stopped = self.report(Progress(stage, fraction, placed, *values)) is False
        return not self.stopped
