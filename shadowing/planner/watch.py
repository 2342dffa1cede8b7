"""The time a solve may take, and the person who watches it and may stop it."""

import time

from shadowing.planner.problem import Progress, Report
from shadowing.planner.scoring import SCALE


class Watch:
    """Tells how a solve goes; remembers that it was stopped."""

    def __init__(self, seconds: float, report: Report | None) -> None:
        self.started = time.monotonic()
        self.seconds = seconds
        self.report = report
        self.stopped = False

    def left(self) -> float:
        """Seconds until the deadline; negative afterwards."""
        return self.seconds - self.spent()

    @property
    def over(self) -> bool:
        """The time is over, or somebody stopped it."""
        return self.stopped or self.left() <= 0

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

    def goes_on(self, placed: int, objective: int, bound: int) -> bool:
        """Tell of a search that lasts as long as there is time; whether there still is."""
        fraction = 0.6 + 0.35 * min(self.spent() / max(self.seconds, 0.001), 1)
        return self.tell("places", fraction, placed=placed, objective=objective, bound=bound) and not self.over
