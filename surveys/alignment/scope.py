"""What the alignment page is asked for, and what may be asked: seasons, moments, sites and themes, from the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Exists, OuterRef
from django.http import Http404
from django.utils.translation import gettext as _

from people.models import User
from shadowing.models import Season
from surveys.models import Audience, Phase, Question, Round, RoundState
from surveys.models.rounds import RoundQuerySet

EXECUTIVES = (Audience.EXECUTIVES, Audience.VISIT_EXECUTIVES)
FRONT_LINE = (Audience.FRONT_LINE, Audience.VISIT_HOSTS)
VISITS = "visits"  # how the address writes the moment of rounds that stand on no side of the season


@dataclass(frozen=True)
class Scope:
    """``phase``: before, after or visits. ``site``: id of the site whose front line is shown, None for the season's
    total. ``theme``: the key of a section, empty for all. ``season`` None: there is nothing to compare."""

    season: Season | None
    phase: str = Phase.AFTER
    site: int | None = None
    theme: str = ""

    @property
    def moment(self) -> str:
        return moment(self.phase)

    def earlier(self, seasons: Sequence[Season]) -> Scope | None:
        """What these gaps are compared with: before the season what came after it; else the same moment of the season
        before."""
        if self.phase == Phase.AFTER:
            return replace(self, phase=Phase.BEFORE)
        ours = self.season
        past = [one for one in seasons if ours and one.program_id == ours.program_id and one.ends_on < ours.starts_on]
        return replace(self, season=max(past, key=lambda season: (season.ends_on, season.pk))) if past else None


def moment(phase: str) -> str:
    """The moment in words."""
    words = {Phase.BEFORE: _("before the season"), Phase.AFTER: _("after the season")}
    return words.get(Phase(phase), "") if phase in Phase.values else _("at the visits")


def phase_of(survey_round: Round) -> str:
    return survey_round.phase or VISITS


def aligned_rounds(user: User) -> RoundQuerySet:
    """Opened rounds this person may see whose questionnaire has paired questions."""
    paired = Question.objects.filter(version=OuterRef("version")).exclude(alignment_key="")
    return Round.objects.visible_to(user).filter(Exists(paired)).exclude(state=RoundState.DRAFT)


def seasons_for(user: User) -> list[Season]:
    """Seasons with paired questions, the newest first."""
    seasons = Season.objects.filter(pk__in=aligned_rounds(user).order_by().values("season"))
    return list(seasons.order_by("-starts_on", "-pk"))


def asked_scope(given: Mapping[str, str], seasons: Sequence[Season]) -> Scope:
    """The scope in an address; without a season the newest one that has begun. Raises Http404 for a season, moment or
    site that the reader cannot see or that does not exist."""
    season = _season(given.get("season", ""), seasons)
    phase, site = given.get("phase", ""), given.get("site", "")
    if phase not in ("", VISITS, *Phase.values) or not (site == "" or site.isdecimal()):
        raise Http404
    return Scope(season, phase, int(site[:18]) if site else None, given.get("theme", "")[:200])


def _season(slug: str, seasons: Sequence[Season]) -> Season | None:
    if not slug:
        return seasons[0] if seasons else None
    for season in seasons:
        if season.slug == slug:
            return season
    raise Http404
