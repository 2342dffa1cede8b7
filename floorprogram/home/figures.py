"""The four figures of coordinators and sponsors: each with its parts, its definition's numbers, and its list."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from floorprogram.home.parts import Figure, Moment, link
from floorprogram.home.queries import delivered_counts, visit_counts
from floorprogram.reports.figures import published
from floorprogram.templatetags.look import percent
from issues.models import Issue
from shadowing.models import Season
from surveys.least import least_released, least_shown
from surveys.models import Audience, Round, RoundState
from surveys.results import worthwhile


def season_figures(season: Season, moment: Moment) -> list[Figure]:
    """Visits held, took an issue away, said to help, worthwhile: counted as the reports count them. Four queries."""
    visits = visit_counts(published(moment.user).filter(season=season))
    issues = delivered_counts(Issue.objects.visible_to(moment.user).filter(season=season))
    return [_held(visits, season), _took(visits, season), _helped(issues, season), _worthwhile(season)]


def _of(part: int, whole: int) -> str:
    return _("%(part)s of %(whole)s") % {"part": f"{part:,}", "whole": f"{whole:,}"}


def _held(counts: dict[str, int], season: Season) -> Figure:
    return Figure(
        name=_("Visits held"),
        number=f"{counts['held']:,}",
        parts=_("of %(count)s") % {"count": f"{counts['published']:,}"},
        note=_("%(confirmed)d confirmed, %(invited)d invited, %(fallen)d fell through") % counts,
        url=link("reports:report", "participation", season=season.slug),
        segments=(
            ("brand", counts["held"]),
            ("soft", counts["confirmed"]),
            ("wait", counts["invited"]),
            ("stop", counts["fallen"]),
        ),
        whole=counts["published"],
    )


def _took(counts: dict[str, int], season: Season) -> Figure:
    missing = counts["held"] - counts["took"]
    return Figure(
        name=_("Took an issue away"),
        number=percent(counts["took"], counts["held"]),
        parts=_of(counts["took"], counts["held"]),
        note=_("%(count)d without, waived ones counted.") % {"count": missing} if missing else _("Every held visit."),
        url=link("reports:report", "takeaways", season=season.slug),
        segments=(("brand", counts["took"]), ("warn", missing)),
    )


def _helped(counts: dict[str, int], season: Season) -> Figure:
    by_host, in_place = counts["confirmed"] - counts["in_place"], counts["in_place"]
    note = _("By coordinators in the host's place: %(count)d") % {"count": in_place} if in_place else ""
    return Figure(
        name=_("Hosts said it helped"),
        number=f"{by_host:,}",
        parts=_("of %(count)s delivered") % {"count": f"{counts['delivered']:,}"},
        note=note or _("The rest wait for the host's word, or were reopened."),
        url=link("reports:report", "issues", season=season.slug),
        segments=(("ok", by_host), ("line", in_place), ("soft", counts["delivered"] - counts["confirmed"])),
        whole=counts["delivered"],
    )


def _worthwhile(season: Season) -> Figure:
    """The released share, coded as the release rule says; hidden is a word, never a blank."""
    name, url = _("Hosting was worthwhile"), link("reports:report", "survey", season=season.slug)
    rounds = list(Round.objects.filter(season=season, audience=Audience.VISIT_HOSTS))
    share = worthwhile(rounds) if rounds else None
    if share is None:
        return Figure(name=name, number=_("hidden"), note=_hidden(rounds), url=url, host=True, hidden=True)
    if share.numerator is None or share.denominator is None:
        return Figure(
            name=name, number=share.text, parts=_("of %(count)s") % {"count": share.answers}, url=url, host=True
        )
    return Figure(
        name=name,
        number=share.text,
        parts=_of(share.numerator, share.denominator),
        note=_("Released answers only."),
        url=url,
        segments=(("host", share.numerator),),
        whole=share.denominator,
        host=True,
    )


def _hidden(rounds: Sequence[Round]) -> str:
    """Why there is no share of these rounds, with the number of answers that surveys takes for it."""
    asking = [one for one in rounds if one.state != RoundState.CLOSED]
    number = min(map(_least, asking or rounds), default=least_released(Round()))
    least = {"least": number}
    if not rounds or asking:
        words = ngettext(
            "It appears when %(least)d answer of one site was released, or after the survey closed.",
            "It appears when %(least)d answers of one site were released, or after the survey closed.",
            number,
        )
        return words % least
    if any(one.settled_on is None for one in rounds):
        return _("The survey is closed. It appears with the last release, from %(least)d answers on.") % least
    few = _("The survey is closed, and fewer than %(least)d answers came in, or showing it would have told one.")
    return few % least


def _least(survey_round: Round) -> int:
    return least_released(survey_round) if survey_round.anonymous else least_shown(survey_round)
