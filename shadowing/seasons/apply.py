"""Creating and changing a season: all of it or nothing, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from people.errors import Conflict
from people.keys import fold
from people.models import AuditEvent, Executive, Host, Site, User
from shadowing.models import LIVE, Program, Season, SeasonExecutive, SeasonSite, Visit
from shadowing.seasons import members, rights
from shadowing.seasons.keys import find_people
from shadowing.seasons.problems import Problem, SeasonRefused
from shadowing.seasons.spec import SeasonSpec, SiteSpec, read_spec

PLAIN = ("name", "starts_on", "ends_on", "answer_by_days", "notice_days", "weights", "agenda", "reminders",
         "executives_from", "hosts_from")  # fmt: skip


def apply_season(
    *, data: object, by: User | None, now: datetime, season: Season | None = None, create_only: bool = False
) -> Season:
    """Make the season a parsed season file describes, or change it to be exactly that; what it leaves out is default.

    ``by`` is None for the operator of the command. ``season`` is the one a form edits (its slug may change);
    ``create_only`` refuses a slug that is taken. Raises SeasonRefused with every problem found, NotAllowed when not
    all its sites, old and new, are the person's.
    """
    spec, problems = read_spec(data)
    if spec is None:
        raise SeasonRefused(problems)
    try:
        with transaction.atomic():
            return _apply(spec, by=by, now=now, season=season, create_only=create_only)
    except IntegrityError as error:
        raise Conflict(_("Somebody else just saved this season or site. Nothing was changed.")) from error


def _apply(spec: SeasonSpec, *, by: User | None, now: datetime, season: Season | None, create_only: bool) -> Season:
    current = _current(spec, season)
    sites = {site.slug: site for site in Site.objects.filter(slug__in=[wanted.slug for wanted in spec.sites])}
    _require_rights(by, current, spec, sites)
    problems = _state_problems(spec, current, create_only) + _site_problems(spec) + _visit_problems(spec, current)
    executives, hosts, wishes = _find_people(spec, problems)
    if problems:
        raise SeasonRefused(problems)
    saved, changes = _write_season(spec, current)
    changes |= _write_sites(saved, spec, sites)
    members.replace_listed(saved, executives=executives, hosts=hosts)
    members.sync_people(season=saved)
    _write_wishes(saved, wishes)
    verb = "season.changed" if current else "season.created"
    AuditEvent.objects.create(at=now, by=by, verb=verb, subject=f"season:{saved.pk}", changes=changes)
    return saved


def _current(spec: SeasonSpec, season: Season | None) -> Season | None:
    """The season to change, locked; None when there is none yet."""
    rows = Season.objects.select_for_update(no_key=True)
    return rows.filter(pk=season.pk).first() if season else rows.filter(slug=spec.slug).first()


def _state_problems(spec: SeasonSpec, current: Season | None, create_only: bool) -> list[Problem]:
    if current and current.is_published:
        return [Problem("slug", _("%(season)s is published: its visits are changed one by one") % {"season": current})]
    taken = Season.objects.filter(slug=spec.slug)
    if current and not create_only:
        taken = taken.exclude(pk=current.pk)
    return [Problem("slug", _("another season has this short name"))] if taken.exists() else []


def _require_rights(by: User | None, current: Season | None, spec: SeasonSpec, sites: dict[str, Site]) -> None:
    if current:
        rights.require_change(by, current)
    rights.require_sites(by, (sites[wanted.slug].pk if wanted.slug in sites else None for wanted in spec.sites))


def _site_problems(spec: SeasonSpec) -> list[Problem]:
    """New sites whose names are taken; zones and countries were looked at before."""
    names = {fold(wanted.name or wanted.slug): wanted for wanted in spec.sites}
    taken = Site.objects.filter(name_key__in=list(names)).exclude(slug__in=[wanted.slug for wanted in spec.sites])
    words = _("%(site)s has the short name %(slug)s")
    problems = [
        Problem(f"{names[site.name_key].path}.slug", words % {"site": site, "slug": site.slug}) for site in taken
    ]
    if len(names) < len(spec.sites):
        problems.append(Problem("sites", _("two sites have the same name")))
    return problems


def _find_people(spec: SeasonSpec, problems: list[Problem]) -> tuple[list[int], list[int], dict[int, list[str]]]:
    """The people the file names, by their keys; keys that fit nobody or two people are noted."""
    executives = find_people(Executive, "executives", spec.executives, problems)
    hosts = find_people(Host, "hosts", spec.hosts, problems)
    paths = [f"preferred[{place}].executive" for place in range(len(spec.preferred))]
    wishing = find_people(Executive, paths, [key for key, _dates in spec.preferred], problems)
    if spec.executives_from == "listed":
        _note_outsiders(wishing, executives, paths, problems)
    return executives, hosts, dict(zip(wishing, (dates for _key, dates in spec.preferred), strict=False))


def _note_outsiders(
    wishing: Sequence[Any], named: Iterable[int], paths: Sequence[str], problems: list[Problem]
) -> None:
    outsiders = set(wishing) - set(named) if not problems else set()
    problems += [
        Problem(path, _("this executive is not one of those named"))
        for path, pk in zip(paths, wishing, strict=False) if pk in outsiders
    ]  # fmt: skip


def _visit_problems(spec: SeasonSpec, current: Season | None) -> list[Problem]:
    """Visits already put on the board stay inside the season's window and at its sites."""
    if current is None:
        return []
    live = Visit.objects.filter(season=current, state__in=LIVE)
    outside = live.exclude(date__range=(spec.starts_on, spec.ends_on)).count()
    elsewhere = live.exclude(site__slug__in=[wanted.slug for wanted in spec.sites]).count()
    problems = []
    if outside:
        words = _("%(number)d visits lie outside these days: move or cancel them first")
        problems.append(Problem("ends_on", words % {"number": outside}))
    if elsewhere:
        words = _("%(number)d visits are at sites this leaves out: cancel them first")
        problems.append(Problem("sites", words % {"number": elsewhere}))
    return problems


def _write_season(spec: SeasonSpec, current: Season | None) -> tuple[Season, dict[str, Any]]:
    """The saved season and what changed of its own columns, from and to."""
    program, _made = Program.objects.get_or_create(name_key=fold(spec.program), defaults={"name": spec.program})
    wanted = {name: getattr(spec, name) for name in PLAIN} | spec.rules | {"program_id": program.pk, "slug": spec.slug}
    season = current or Season()
    before = {name: getattr(season, name) for name in wanted} if current else {}
    for name, value in wanted.items():
        setattr(season, name, value)
    season.save()
    changed = (name for name in wanted if not current or before[name] != wanted[name])
    return season, {name: [_plain(before.get(name)), _plain(wanted[name])] for name in changed}


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _write_sites(season: Season, spec: SeasonSpec, sites: dict[str, Site]) -> dict[str, Any]:
    """Make or change the sites and their part in the season, drop those left out."""
    before = sorted(season.season_sites.values_list("site__slug", flat=True))
    for wanted in spec.sites:
        site = _write_site(wanted, sites.get(wanted.slug))
        places = wanted.visits_a_day or site.visits_a_day
        values = {"visits_a_day": places, "open_days": wanted.open_days}
        SeasonSite.objects.update_or_create(season=season, site=site, defaults=values)
    wanted_slugs = sorted(wanted.slug for wanted in spec.sites)
    season.season_sites.exclude(site__slug__in=wanted_slugs).delete()
    return {"sites": [before, wanted_slugs]} if before != wanted_slugs else {}


def _write_site(wanted: SiteSpec, site: Site | None) -> Site:
    """The site with what the file says about it; what it does not say stays, or is the default of a new one."""
    made = site is None
    site = site or Site(slug=wanted.slug, name=wanted.slug.replace("-", " ").replace("_", " ").title())
    said = {name: getattr(wanted, name) for name in ("name", "time_zone", "country", "subdivision")}
    changes = {name: value for name, value in said.items() if value is not None and value != getattr(site, name)}
    if made and wanted.visits_a_day:
        changes["visits_a_day"] = wanted.visits_a_day
    for name, value in changes.items():
        setattr(site, name, value)
    if made or changes:
        site.save()
    return site


def _write_wishes(season: Season, wishes: dict[int, list[str]]) -> None:
    """Preferred days of executives; those not named any more have none."""
    rows = list(SeasonExecutive.objects.filter(season=season))
    changed = [row for row in rows if row.preferred != wishes.get(row.executive_id, [])]
    for row in changed:
        row.preferred = wishes.get(row.executive_id, [])
    SeasonExecutive.objects.bulk_update(changed, ["preferred"], batch_size=500)
