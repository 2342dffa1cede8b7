"""A season made from an earlier one: what its file leaves out, the earlier one says."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from people.models import User
from shadowing.models import Season
from shadowing.seasons.exporting import export_season
from shadowing.seasons.problems import Problem

COPIED = ("sites", "rules", "weights", "agenda", "answer_by_days", "notice_days", "reminders", "questionnaires")
MERGED = ("rules", "weights", "reminders")  # taken over one by one


def fill(data: object, *, by: User | None) -> tuple[object, list[Problem]]:
    """The file with everything that its ``copy_from`` adds; the file's own words win. People are never copied.

    Of the sites a person comes to work with only theirs are taken. A season that is not there, or not theirs to see,
    is a problem; what is no text at all is left to ``read_spec``.
    """
    if not isinstance(data, dict) or not isinstance(data.get("copy_from"), str):
        return data, []
    rows = Season.objects.all() if by is None else Season.objects.visible_to(by)
    source = rows.select_related("program").filter(slug=data["copy_from"]).first()
    if source is None or source.slug == data.get("slug"):
        return data, [Problem("copy_from", _("no other season has this short name"))]
    copied = _copied(source, by)
    filled = {**copied, **data}
    for name in MERGED:
        if isinstance(data.get(name), dict):
            filled[name] = copied[name] | data[name]
    return filled, []


def _copied(source: Season, by: User | None) -> dict[str, Any]:
    """What goes over. Opened days belong to their dates and stay behind."""
    whole = export_season(source, people=False)
    theirs = None if by is None or by.coordinates_everywhere else _slugs_of(source, by)
    whole["sites"] = [
        {"slug": site["slug"], "visits_a_day": site["visits_a_day"]}
        for site in whole["sites"] if theirs is None or site["slug"] in theirs
    ]  # fmt: skip
    return {name: whole[name] for name in COPIED}


def _slugs_of(source: Season, by: User) -> set[str]:
    return set(source.sites.filter(pk__in=by.coordinated_site_ids).values_list("slug", flat=True))
