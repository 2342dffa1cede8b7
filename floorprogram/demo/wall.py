"""What hangs on the walls of the demo's sites, and a file with an issue."""

from __future__ import annotations

import io

from floorprogram.demo.stage import Stage
from issues.attachments.actions import attach
from issues.models import Issue
from issues.wall.actions import make_wall_link
from people.models import Site

SWAPS = b"team;swaps a day;minutes each\r\nBilling Care;11;19\r\nMoves;4;21\r\n"


def hang_walls(demo: Stage) -> None:
    """Every site's wall has its address; the demo executive's issue has a file that its host reads."""
    for site in Site.objects.order_by("pk"):
        make_wall_link(site=site, by=demo.cast.coordinator, now=demo.now)
    owner = demo.cast.executives[0]
    issue = Issue.objects.open().filter(owner=owner).order_by("pk").first()
    if issue:
        file = io.BytesIO(SWAPS)
        attach(issue=issue, file=file, name="Swaps by team.csv", host_reads=True, by=owner.user, now=demo.now)
