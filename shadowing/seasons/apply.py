"""Creating and changing a season: all of it or nothing, in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.errors import Conflict
from people.keys import fold
from people.models import AuditEvent, Executive, Host, Site, User
from shadowing.models import LIVE, Program, Season, SeasonExecutive, SeasonSite, Visit
from shadowing.seasons import copying, members, rights
from shadowing.seasons.keys import find_people
from shadowing.seasons.problems import Problem, SeasonRefused
from shadowing.seasons.spec import KEYS, RULES, SeasonSpec, SiteSpec, read_spec

PLAIN = ("name", "starts_on", "ends_on", "answer_by_days", "notice_days", "weights", "agenda", "reminders",
         "questionnaires", "executives_from", "hosts_from", "slug")  # fmt: skip
KEY_OF = {"executives_from": "executives", "hosts_from": "hosts"} | dict.fromkeys(RULES, "rules")
PEOPLE = ("executives", "hosts", "preferred")


def apply_season(
    *,
    data: object,
    by: User | None,
    now: datetime,
    season: Season | None = None,
    create_only: bool = False,
    unfinished: bool = False,
    only: Collection[str] = KEYS,
) -> Season:
    """Make the season a parsed season file describes, or change it to be exactly that; what it leaves out is default.

    ``by`` is None for the operator of the command. ``season`` is the one a page edits (its slug may change);
    ``create_only`` refuses a slug that is taken; ``unfinished`` lets a draft wait for its sites; ``only`` names the keys
    to write, the rest of the file is what stands there already. Raises SeasonRefused with every problem found, NotAllowed
    when not all its sites, old and new, are the person's.
    """
    data, problems = copying.fill(data, by=by)
    spec, more = read_spec(data, unfinished=unfinished and (by is None or by.coordinates_everywhere))
    if spec is None or problems:
        raise SeasonRefused([*problems, *more])
    try:
        with transaction.atomic():
            return _Applying(spec, by, now, frozenset(only)).run(season=season, create_only=create_only)
    except IntegrityError as error:
        raise Conflict(_("Somebody else just saved this season or site. Nothing was changed.")) from error


@dataclass
class _Applying:
    """One season being written. Inside the caller's transaction."""

    spec: SeasonSpec
    by: User | None
    now: datetime
    only: frozenset[str]

    def run(self, *, season: Season | None, create_only: bool) -> Season:
        """Look at everything, then write everything."""
        spec, current = self.spec, _current(self.spec, season)
        sites = {site.slug: site for site in Site.objects.filter(slug__in=[wanted.slug for wanted in spec.sites])}
        _require_rights(self.by, current, spec, sites)
        problems = _state_problems(spec, current, create_only) + _site_problems(spec) + _visit_problems(spec, current)
        people = _find_people(spec, problems) if self.only.intersection(PEOPLE) else _People()
        if problems:
            raise SeasonRefused(problems)
        saved, changes = _write_season(spec, current, self.only)
        changes |= _write_sites(saved, spec, sites) if "sites" in self.only else {}
        changes |= self._write_people(saved, people)
        self._record(saved, changes, made=current is None)
        return saved

    def _write_people(self, season: Season, people: _People) -> dict[str, Any]:
        """Who takes part, as far as the keys to write say; returns how their numbers changed."""
        before = members.numbers(season)
        members.replace_listed(
            season,
            executives=people.executives if "executives" in self.only else None,
            hosts=people.hosts if "hosts" in self.only else None,
        )
        members.sync_people(season=season)
        if "preferred" in self.only:
            _write_wishes(season, people.wishes)
        after = members.numbers(season)
        return {name: [before[name], after[name]] for name in after if before[name] != after[name]}

    def _record(self, season: Season, changes: dict[str, Any], *, made: bool) -> None:
        verb = "season.created" if made else "season.changed"
        AuditEvent.objects.create(at=self.now, by=self.by, verb=verb, subject=f"season:{season.pk}", changes=changes)


@dataclass
class _People:
    """Ids of the people a file names, and who wishes for which days."""

    executives: list[int] = field(default_factory=list)
    hosts: list[int] = field(default_factory=list)
    wishes: dict[int, list[str]] = field(default_factory=dict)


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


def _find_people(spec: SeasonSpec, problems: list[Problem]) -> _People:
    """The people the file names, by their keys; keys that fit nobody or two people are noted."""
    executives = find_people(Executive, "executives", spec.executives, problems)
    hosts = find_people(Host, "hosts", spec.hosts, problems)
    paths = [f"preferred[{place}].executive" for place in range(len(spec.preferred))]
    wishing = find_people(Executive, paths, [key for key, _dates in spec.preferred], problems)
    if spec.executives_from == "listed":
        _note_outsiders(wishing, executives, paths, problems)
    return _People(executives, hosts, dict(zip(wishing, (dates for _key, dates in spec.preferred), strict=False)))


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
        words = ngettext(
            "%(number)d visit lies outside these days: move or cancel it first",
            "%(number)d visits lie outside these days: move or cancel them first",
            outside,
        )
        problems.append(Problem("ends_on", words % {"number": outside}))
    if elsewhere:
        words = ngettext(
            "%(number)d visit is at a site this leaves out: cancel it first",
            "%(number)d visits are at sites this leaves out: cancel them first",
            elsewhere,
        )
        problems.append(Problem("sites", words % {"number": elsewhere}))
    return problems


def _write_season(spec: SeasonSpec, current: Season | None, only: frozenset[str]) -> tuple[Season, dict[str, Any]]:
    """The saved season and what changed of its own columns, from and to."""
    said = {name: getattr(spec, name) for name in PLAIN} | spec.rules
    wanted = {name: value for name, value in said.items() if KEY_OF.get(name, name) in only}
    if "program" in only:
        program, _made = Program.objects.get_or_create(name_key=fold(spec.program), defaults={"name": spec.program})
        wanted["program_id"] = program.pk
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
    """Make or change the sites and their part in the season, drop those left out; returns what changed, by site."""
    before = _places(season)
    for wanted in spec.sites:
        site = _write_site(wanted, sites.get(wanted.slug))
        places = wanted.visits_a_day or site.visits_a_day
        values = {"visits_a_day": places, "open_days": wanted.open_days}
        SeasonSite.objects.update_or_create(season=season, site=site, defaults=values)
    season.season_sites.exclude(site__slug__in=[wanted.slug for wanted in spec.sites]).delete()
    after = _places(season)
    slugs = {"sites": [sorted(before), sorted(after)]} if before.keys() != after.keys() else {}
    changed = {slug: [before[slug], place] for slug, place in after.items() if before.get(slug, place) != place}
    return slugs | ({"places": changed} if changed else {})


def _places(season: Season) -> dict[str, dict[str, Any]]:
    """What the season's sites take a day and which days they open, by short name."""
    rows = SeasonSite.objects.filter(season=season).values_list("site__slug", "visits_a_day", "open_days")
    return {slug: {"visits_a_day": places, "open_days": opened} for slug, places, opened in rows}


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
