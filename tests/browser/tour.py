"""Which pages a role of the demo program can look at: the list behind the screenshots and the accessibility test."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from issues import rules
from issues.models import Issue, WallLink
from issues.wall.rows import sites_of
from issues.wall.secrets import secret_of
from notifications.models import Webhook
from people.models import User
from shadowing.models import ENDED, PlanPair, RegroupGroup, Season, Visit, VisitState
from surveys.models import Invitation, QuestionnaireVersion, Round

ROLES = ("admin", "coordinator", "sponsor", "executive", "assistant", "host")


@dataclass(frozen=True)
class Stop:
    """One page: ``name`` for the file, ``path`` to go to."""

    name: str
    path: str


def stops(role: str) -> list[Stop]:
    """The pages of a role, from what the demo program holds for its person."""
    user = User.objects.with_identities().get(email=f"{role}@demo.example")
    found = [
        Stop("home", "/"),
        *_visits(user),
        *_issues(user),
        *_walls(user),
        *_surveys(user),
        Stop("away", f"/people/{user.pk}/away/"),
        Stop("password", "/accounts/password/change/"),
    ]
    if user.identities & {"executive", "assistant", "host"}:
        found += [Stop("availability", "/availability/"), Stop("calendar", "/calendar/"), Stop("visits", "/visits/")]
    if user.identities & {"executive", "assistant"}:
        found.append(Stop("own-places", "/waiting/"))
    if user.identities & {"admin", "coordinator", "sponsor"}:
        found += _seasons(user) + _reports()
    if user.identities & {"admin", "coordinator"}:
        found += _staff(user) + _questionnaires() + _setting_up(user)
    if user.identities & {"admin", "coordinator", "sponsor"}:
        found.append(Stop("digests", "/digests/"))
    if user.is_admin:
        found += [Stop("roles", "/people/roles/"), Stop("gallery", "/look/"), *_webhooks()]
    return found


def signed_out() -> list[Stop]:
    """Pages that need no sign-in."""
    return [
        Stop("sign-in", "/accounts/login/"),
        Stop("password-reset", "/accounts/password/reset/"),
        Stop("link-gone", "/act/altered/"),
        Stop("survey-gone", "/surveys/answer/altered/"),
        Stop("survey-thanks", "/surveys/thanks/"),
        Stop("kiosk", "/surveys/kiosk/"),
        Stop("kiosk-done", "/surveys/kiosk/done/"),
        Stop("not-found", "/nothing-here/"),
        Stop("wall-gone", "/wall/altered/"),
        *(Stop("wall-public", f"/wall/{secret_of(link)}/") for link in WallLink.objects.order_by("pk")[:1]),
    ]


def _visits(user: User) -> list[Stop]:
    visits = Visit.objects.visible_to(user)
    newest = {visit.state: visit for visit in visits.order_by("date", "-pk")}
    found = [Stop(f"visit-{state}", f"/visits/{visit.uuid}/") for state, visit in newest.items()]
    held = visits.filter(state=VisitState.HELD).exclude(season__state="closed").order_by("-date", "pk").first()
    if held and user.identities & {"admin", "coordinator", "executive", "assistant", "host"}:
        found.append(Stop("floor", f"/visits/{held.uuid}/floor/"))
    return found


def _issues(user: User) -> list[Stop]:
    issues = Issue.objects.visible_to(user)
    found = [Stop("promises", "/issues/promises/")] if user.is_host else []
    if user.identities - {"host"}:
        found += [Stop("issues", "/issues/"), Stop("issues-none", "/issues/?q=zzzz")]
        found += [Stop("issue-filters", "/issues/filters/"), Stop("issue-view", "/issues/views/save/?state=open")]
    if user.identities & {"admin", "coordinator"}:
        found += [
            Stop("issues-ticked", "/issues/?tick=page&sort=-title&stale=5"),
            Stop("issues-all-ticked", "/issues/?tick=all"),
            Stop("issue-bulk-all", "/issues/bulk/remind/?all=yes&back=state%3Dunsolved"),
            Stop("issue-views", "/issues/views/"),
        ]
        few = "&".join(f"number={number}" for number in issues.order_by("pk").values_list("pk", flat=True)[:3])
        found += [Stop(f"issue-bulk-{name}", f"/issues/bulk/{name}/?{few}") for name in ("next-update", "new-owner")]
        found += [Stop("owed", "/issues/owed/"), Stop("waived", "/issues/owed/?show=waived")]
    if user.identities & {"admin", "coordinator", "executive", "assistant"}:
        found.append(Stop("must-do", "/issues/mine/"))
    for state in ("in_progress", "delivered", "confirmed", "on_hold", "merged"):
        if issue := issues.filter(state=state).order_by("pk").first():
            found.append(Stop(f"issue-{state}", issue.get_absolute_url()))
    found += _verbs(user)
    owed = Visit.objects.visible_to(user).filter(state=VisitState.HELD, issues=None, waiver=None).first()
    if owed and user.identities & {"admin", "coordinator"}:
        found.append(Stop("take-away", f"/issues/take-away/{owed.uuid}/"))
    return found


def _verbs(user: User) -> list[Stop]:
    """The form of each verb about who carries an issue, once: on the first issue on which this person may do it."""
    names = ("handover", "accept_handover", "take_back", "transfer", "hand_back", "ask_counterpart", "accept_counterpart",
             "end_counterpart", "snooze", "check", "remind", "ask_withdrawal", "refuse_withdrawal", "withdraw",
             "merge")  # fmt: skip
    found, today = {}, timezone.localdate()
    for issue in Issue.objects.visible_to(user).for_page().order_by("-number")[:40]:
        for name in (name for name in names if name not in found and rules.can(user, name, issue, today=today)):
            found[name] = Stop(f"issue-{name}", reverse(f"issues:{name}", args=[issue.pk]))
    leaver = Issue.objects.open().order_by("number").values_list("owner", flat=True).first()
    if user.identities & {"admin", "coordinator"} and leaver:
        found["leaver"] = Stop("issue-leaver", reverse("issues:transfer_leaver", args=[leaver]))
    return list(found.values())


def _walls(user: User) -> list[Stop]:
    """The list of walls for who reads several, and one wall; coordinators find its address there."""
    sites = list(sites_of(user))
    found = [Stop("walls", "/wall/")] if len(sites) > 1 else []
    return found + [Stop("wall", f"/wall/sites/{site.slug}/") for site in sites[:1]]


def _setting_up(user: User) -> list[Stop]:
    """Planning a round, one that is planned and one that is open, and the slips of the open one."""
    newest = {each.state: each.pk for each in Round.objects.visible_to(user).order_by("pk")}
    hosts = Round.objects.visible_to(user).filter(state="open", audience="visit_hosts").order_by("pk").first()
    found = [Stop("survey-new", "/surveys/new/")]
    found += [Stop(f"survey-setup-{state}", f"/surveys/{pk}/setup/") for state, pk in newest.items()]
    return found + ([Stop("survey-slips", f"/surveys/{hosts.pk}/slips/")] if hosts else [])


def _surveys(user: User) -> list[Stop]:
    found = [Stop("surveys", "/surveys/")]
    found += [Stop("surveys-none", "/surveys/?season=none"), Stop("alignment", "/surveys/alignment/")]
    shown = (
        Round.objects.visible_to(user).exclude(state="draft").order_by("pk").select_related("version__questionnaire")
    )
    by_name = {each.version.questionnaire.slug: each for each in shown if each.state == "closed"}
    found += [Stop(f"survey-results-{slug}", f"/surveys/{each.pk}/") for slug, each in by_name.items()]
    found += [Stop("survey-results-open", f"/surveys/{each.pk}/") for each in shown if each.state == "open"][:1]
    if by_name:
        found.append(Stop("alignment-meeting", "/surveys/alignment/summary/"))
    if invitation := Invitation.objects.filter(user=user, used=False, round__state="open").first():
        found.append(Stop("survey", f"/surveys/{invitation.round_id}/answer/"))
    return found


def _questionnaires() -> list[Stop]:
    """The list, a published version, its preview, the forms of a new one."""
    found = [Stop("questionnaires", "/surveys/questionnaires/")]
    found += [Stop(f"questionnaire-{word}", f"/surveys/questionnaires/{word}/") for word in ("new", "import")]
    for version in QuestionnaireVersion.objects.filter(questionnaire__slug="hosting").order_by("-number")[:1]:
        page = f"/surveys/questionnaires/{version.pk}/"
        found += [Stop("questionnaire", page), Stop("questionnaire-preview", f"{page}preview/?lang=de")]
    return found


def _seasons(user: User) -> list[Stop]:
    found = [Stop("seasons", "/seasons/"), Stop("visits", "/visits/")]
    seasons = Season.objects.visible_to(user).order_by("starts_on")
    found += [Stop(f"season-{season.state}", season.get_absolute_url()) for season in seasons]
    running = Season.objects.get(state="published")
    found += _board(running, user)
    return found + _plans(Season.objects.get(state="collecting"))


def _board(season: Season, user: User) -> list[Stop]:
    """The running season's board, the panel of a coming visit beside it and alone, its forms."""
    url = f"{season.get_absolute_url()}board/"
    visit = Visit.objects.filter(season=season, state=VisitState.CONFIRMED).order_by("-date", "pk").first()
    found = [Stop("board", url), Stop("board-filtered", f"{url}?only=blocks"), Stop("board-tray", f"{url}tray/")]
    if visit is None:
        return found
    found.append(Stop("board-panel", f"{url}?day={visit.date}&visit={visit.uuid}"))
    found.append(Stop("visit-panel", f"/visits/{visit.uuid}/panel/"))
    found.append(Stop("visit-options", f"/visits/{visit.uuid}/options/?days=all"))
    return found + _board_forms(visit) if user.identities & {"admin", "coordinator"} else found


def _board_forms(visit: Visit) -> list[Stop]:
    """Moving a visit, swapping it with another, proposing one."""
    other = Visit.objects.filter(season=visit.season, site=visit.site, state=VisitState.CONFIRMED).exclude(pk=visit.pk)
    pair = other.exclude(date=visit.date).order_by("pk").first()
    found = [
        Stop("board-place", f"/visits/{visit.uuid}/place/"),
        Stop("board-propose", f"{visit.season.get_absolute_url()}board/propose/?executive={visit.executive_id}"),
    ]
    return found + ([Stop("board-swap", f"/visits/{visit.uuid}/swap/?with={pair.uuid}")] if pair else [])


def _plans(season: Season) -> list[Stop]:
    """The demo's coming season has two plans, the older one a what-if."""
    url = f"{season.get_absolute_url()}plan/"
    pair = PlanPair.objects.filter(plan__season=season, plan__number=2).order_by("date", "pk").first()
    return [
        Stop("plan", url),
        Stop("plan-filtered", f"{url}?q=zzzz&sort=-score"),
        Stop("plan-assumed", f"{url}?plan=1"),
        Stop("plan-pair", f"{url}2/pairs/{pair.executive_id}/"),
        Stop("plan-compare", f"{url}compare/?one=2&other=1"),
    ]


def _reports() -> list[Stop]:
    names = ("participation", "takeaways", "issues", "survey")
    return [Stop("reports", "/reports/"), *(Stop(f"report-{name}", f"/reports/{name}/") for name in names)]


def _webhooks() -> list[Stop]:
    """The list, the form of a new one, and one webhook with its log where there is any."""
    found = [Stop("webhooks", "/webhooks/"), Stop("webhook-new", "/webhooks/new/")]
    for webhook in Webhook.objects.order_by("pk")[:1]:
        page = f"/webhooks/{webhook.pk}/"
        found += [
            Stop("webhook", page),
            Stop("webhook-failed", f"{page}?state=failed"),
            Stop("webhook-edit", f"{page}edit/"),
        ]
    return found


def _repairs(user: User) -> list[Stop]:
    """The running season: who waits, what a repair would do, places for one executive and for a visit that was declined."""
    season = Season.objects.get(state="published")
    url = season.get_absolute_url()
    found = [Stop("waiting", f"{url}waiting/"), Stop("repair", f"{url}repair/")]
    waiting = season.executives.exclude(executive__visits__in=Visit.objects.live().filter(season=season)).order_by("pk")
    found += [Stop("place", f"{url}waiting/{one.executive_id}/") for one in waiting[:1]]
    lost = Visit.objects.visible_to(user).filter(season=season, state__in=ENDED).order_by("pk").first()
    return found + ([Stop("replace", f"/visits/{lost.uuid}/replace/")] if lost else [])


def _regroup(user: User) -> list[Stop]:
    """A day's groups, and the form that makes one of them an issue."""
    groups = RegroupGroup.objects.visible_to(user).filter(outcome="open", places__isnull=False)
    group = groups.select_related("day__site").order_by("pk").first()
    if group is None:
        return []
    path = reverse("shadowing:regroup", args=[group.day.site.slug, group.day.date])
    big = Stop("regroup-screen", f"{path}screen/")
    return [Stop("regroup", path), big, Stop("regroup-issue", reverse("issues:regroup", args=[group.pk]))]


def _staff(user: User) -> list[Stop]:
    season = Season.objects.get(state="collecting")
    running = Visit.objects.filter(state=VisitState.HELD, date__lte=timezone.localdate()).order_by("-date").first()
    return [
        Stop("season-new", "/seasons/new/"),
        Stop("season-copy", f"/seasons/new/?copy={season.slug}"),
        Stop("season-edit", f"{season.get_absolute_url()}edit/"),
        *(
            Stop(f"season-{step}", f"{season.get_absolute_url()}setup/{step}/")
            for step in ("window", "sites", "rules", "agenda", "reminders")
        ),
        Stop("season-reminder-dates", f"{season.get_absolute_url()}reminders/"),
        Stop("season-delete", f"{season.get_absolute_url()}delete/"),
        Stop("season-people", f"{season.get_absolute_url()}people/"),
        Stop("season-executives", f"{season.get_absolute_url()}people/?list=executives&answer=waiting"),
        Stop("season-days", f"{season.get_absolute_url()}days/"),
        Stop("season-day", f"{season.get_absolute_url()}days/{season.starts_on.isoformat()}/?list=executives"),
        Stop("plan-what-if", f"{season.get_absolute_url()}plan/what-if/"),
        Stop("publish", f"{season.get_absolute_url()}publish/"),
        *_repairs(user),
        Stop("visit-days", "/visit-days/"),
        Stop("visit-day", f"/visit-days/{running.site.slug}/{running.date.isoformat()}/"),
        *_regroup(user),
        Stop("availability-list", "/availability/list/"),
        Stop("people", "/people/"),
        Stop("person", f"/people/{running.host_id}/"),
        Stop("import", "/people/import/"),
        Stop("outbox", "/outbox/"),
    ]
