"""What every part of the demo plays on: the moment, chance, and who takes part."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from floorprogram.demo.people import Cast


class Stage:
    """``seed`` decides names and answers; ``today`` what is past and what comes."""

    def __init__(self, *, now: datetime, seed: int = 7) -> None:
        self.now, self.today = now, now.date()
        self.pick = random.Random(seed)
        self.monday = self.today - timedelta(days=self.today.weekday())
        self.cast = Cast()
