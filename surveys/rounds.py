"""Opening and closing rounds, their cells, and who is invited.

Nobody is told by a signal that a visit was held: the sweep finds held visits whose host has no invitation yet, so a
missed hour heals by itself.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from people.errors import Conflict, NotAllowed
from people.models import AuditEvent, Site, User
from shadowing.models import Season, SeasonState, Visit, VisitState
from surveys.builtin import HOSTING, builtin_version
from surveys.models import Audience, Cell, Invitation, Round, RoundState

OPEN_AFTER_SEASON = timedelta(days=14)  # hosts of the last day still get both reminders


@transaction.atomic
def open_hosting_round(*, season: Season, now: datetime) -> Round:
    """Open the hosting survey of a published season and fix its cells. Raises Conflict when it is open already."""
    season = Season.objects.select_for_update().get(pk=season.pk)
    version = builtin_version(HOSTING, now=now)
    if Round.objects.filter(season=season, version__questionnaire=version.questionnaire).exists():
        raise Conflict("The hosting survey of this season is open already.")
    survey_round = Round.objects.create(
        season=season,
        version=version,
        audience=Audience.VISIT_HOSTS,
        state=RoundState.OPEN,
        opens_on=season.starts_on,
        closes_on=season.ends_on + OPEN_AFTER_SEASON,
        opened_at=now,
    )
    make_cells(survey_round)
    return survey_round


def make_cells(survey_round: Round) -> None:
    """One cell a site; sites with fewer than 2k hosts expected are pooled; a cell still under k is never shown."""
    expected = _hosts_expected(survey_round.season)
    small = [site for site in survey_round.season.sites.order_by("pk") if expected[site.pk] < 2 * survey_round.k]
    for site in survey_round.season.sites.order_by("pk"):
        if site not in small:
            Cell.objects.create(round=survey_round, site=site).sites.add(site)
    if small:
        hidden = sum(expected[site.pk] for site in small) < survey_round.k
        Cell.objects.create(round=survey_round, hidden=hidden).sites.set(small)


def _hosts_expected(season: Season) -> Counter[int]:
    """Site id → hosts with a live visit there in this season."""
    pairs = Visit.objects.live().filter(season=season).values_list("site_id", "host_id").distinct()
    return Counter(site for site, _ in pairs)


def open_due_rounds(*, now: datetime) -> int:
    """Open the hosting survey of every published season that lists it and has none; returns how many were opened."""
    asked = Round.objects.filter(season=OuterRef("pk"), version__questionnaire__slug=HOSTING)
    waiting = Season.objects.filter(~Exists(asked), state=SeasonState.PUBLISHED).order_by("pk")
    listing = [season for season in waiting if HOSTING in season.questionnaires]
    return len([open_hosting_round(season=season, now=now) for season in listing])


def invite_hosts() -> int:
    """Invite the host of every held visit of an open round's season who is not invited yet; returns how many.

    ``due_from`` is the day of the host's first held visit. Sites added after the opening belong to the pooled cell;
    where there is none, to a hidden one."""
    count = 0
    for survey_round in Round.objects.filter(state=RoundState.OPEN, audience=Audience.VISIT_HOSTS).order_by("pk"):
        count += _invite(survey_round)
    return count


@transaction.atomic
def _invite(survey_round: Round) -> int:
    invited = Invitation.objects.filter(round=survey_round, user=OuterRef("host_id"))
    held = Visit.objects.filter(~Exists(invited), season=survey_round.season, state=VisitState.HELD)
    first_day: dict[int, tuple[int, date]] = {}
    for host, site, day in held.order_by("date", "pk").values_list("host_id", "site_id", "date"):
        first_day.setdefault(host, (site, day))
    cells = dict(Cell.sites.through.objects.filter(cell__round=survey_round).values_list("site_id", "cell_id"))
    if any(site not in cells for site, _ in first_day.values()):
        pooled, _ = Cell.objects.get_or_create(round=survey_round, site=None, defaults={"hidden": True})
        pooled.sites.add(*{site for site, _ in first_day.values() if site not in cells})
        cells = {site: cells.get(site, pooled.pk) for site, _ in first_day.values()}
    rows = [
        Invitation(round=survey_round, cell_id=cells[site], user_id=host, due_from=day)
        for host, (site, day) in first_day.items()
    ]
    return len(Invitation.objects.bulk_create(rows, ignore_conflicts=True))


def close_due_rounds(*, now: datetime) -> list[Round]:
    """Close rounds whose last day has passed everywhere on Earth; what waits is released by the next release run."""
    over = Round.objects.filter(state=RoundState.OPEN, closes_on__lt=(now - timedelta(hours=12)).date())
    return [_close(survey_round, now=now) for survey_round in over.order_by("pk")]


@transaction.atomic
def close_round(*, round_id: int, by: User, now: datetime) -> Round:
    """Close a round early. Only somebody who coordinates all sites of its season may."""
    survey_round = Round.objects.select_for_update().get(pk=round_id)
    if not by.coordinates_all(survey_round.season.sites.values_list("pk", flat=True)):
        raise NotAllowed("Only a coordinator of all sites of the season closes its survey.")
    if survey_round.state != RoundState.OPEN:
        raise Conflict("This survey is closed already.")
    AuditEvent.objects.create(at=now, by=by, verb="round.closed", subject=f"round:{survey_round.pk}")
    return _close(survey_round, now=now)


def _close(survey_round: Round, *, now: datetime) -> Round:
    survey_round.state, survey_round.closed_at = RoundState.CLOSED, now
    survey_round.save(update_fields=["state", "closed_at"])
    return survey_round


def pooled_sites(survey_round: Round) -> list[Site]:
    """The sites whose answers are shown together as "other sites"."""
    return list(Site.objects.filter(cells__round=survey_round, cells__site__isnull=True).order_by("name_key"))
