"""The time a solve may take, and the person who watches it and may stop it."""

import time

from shadowing.planner.problem import Progress, Report
from shadowing.planner.scoring import SCALE

AGAIN = 0.5  # seconds between two reports that say the same


class Watch:
    """Tells how a solve goes; remembers that it was stopped."""

    def __init__(self, seconds: float, report: Report | None) -> None:
        self.started = time.monotonic()
        self.seconds = seconds
        self.report = report
        self.stopped = False
        self.last = Progress("pairs", 0)
        self.told = 0.0

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
        values = [None if value is None else value / SCALE for value in (objective, bound)]
        self.last = Progress(stage, max(fraction, self.last.fraction), placed, *values)
        self.told = self.spent()
        if self.report and not self.stopped:
            self.stopped = self.report(self.last) is False
        return not self.stopped

    def goes_on(self, placed: int, objective: int, bound: int) -> bool:
        """Tell of a search that lasts as long as there is time; whether there still is."""
        return self.tell("places", self._share(), placed=placed, objective=objective, bound=bound) and not self.over

    def still(self) -> bool:
        """Tell the same once more when nothing was told for a while; whether there is time and nobody stopped it."""
        if self.report and not self.stopped and self.spent() - self.told >= AGAIN:
            last = self.last
            self.last = Progress(
                last.stage,
                max(last.fraction, self._share() if last.stage == "places" else 0),
                last.placed,
                last.objective,
                last.bound,
            )
            self.told = self.spent()
            self.stopped = self.report(self.last) is False
        return not self.over

    def _share(self) -> float:
        return 0.6 + 0.35 * min(self.spent() / max(self.seconds, 0.001), 1)
