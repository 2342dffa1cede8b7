"""The sentences at the top: how many things wait, which day it is, where the season stands."""

from __future__ import annotations

from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from floorprogram.home.parts import Home, Moment
from floorprogram.templatetags.look import day_words
from shadowing.models import Season

NUMBERS = (
    gettext_lazy("No"), gettext_lazy("One"), gettext_lazy("Two"), gettext_lazy("Three"), gettext_lazy("Four"),
    gettext_lazy("Five"), gettext_lazy("Six"), gettext_lazy("Seven"), gettext_lazy("Eight"), gettext_lazy("Nine"),
    gettext_lazy("Ten"),
)  # fmt: skip
NOON, EVENING = 12, 18


def greeting(moment: Moment, home: Home) -> str:
    """Such as "Good morning, Ingrid. Five things wait for you.\""""
    hour = timezone.localtime(moment.now, moment.user.zone).hour
    hello = _("Good morning") if hour < NOON else _("Good afternoon") if hour < EVENING else _("Good evening")
    return f"{hello}, {moment.user.first_name}. {waiting(len(home.tasks))}"


def waiting(count: int) -> str:
    """How many things wait, in a sentence."""
    if not count:
        return _("Nothing waits for you.")
    number = NUMBERS[count] if count < len(NUMBERS) else count
    words = ngettext("%(number)s thing waits for you.", "%(number)s things wait for you.", count)
    return words % {"number": number}


def lead(moment: Moment, home: Home) -> str:
    """ "Tuesday 10 November. Autumn 2026 runs until 13 Nov in Leeds, Lisbon and Pune.\""""
    today = day_words(moment.today, long=True, this_year=moment.today.year)
    season = meant(moment, home)
    return f"{today}. {_season_words(season, moment)}" if season else f"{today}."


def meant(moment: Moment, home: Home) -> Season | None:
    """The season people mean today: the one that ends next, else the last."""
    around = [season for season in home.seasons if season.ends_on >= moment.today]
    return around[0] if around else (home.seasons[-1] if home.seasons else None)


def _season_words(season: Season, moment: Moment) -> str:
    sites = get_text_list(sorted(site.name for site in season.sites.all()), _("and"))
    dates = [day_words(date, this_year=moment.today.year) for date in (season.starts_on, season.ends_on)]
    values = {"season": season.name, "starts": dates[0], "ends": dates[1], "sites": sites}
    if season.starts_on > moment.today:
        return _("%(season)s starts on %(starts)s in %(sites)s.") % values
    if season.ends_on < moment.today:
        return _("%(season)s ended on %(ends)s.") % values
    return _("%(season)s runs until %(ends)s in %(sites)s.") % values


def those(names: list[str], total: int) -> str:
    """ "Tove Hallgren, Yann Benali and 3 more\""""
    if total > len(names):
        names = [*names, _("%(count)d more") % {"count": total - len(names)}]
    return get_text_list(names, _("and"))
