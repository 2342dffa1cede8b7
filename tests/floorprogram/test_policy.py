"""Every route as every role and anonymous, on own and foreign objects, from the resolver and the one policy table.

The world has two sides that know nothing of each other: site A with its executive, assistant, host, coordinator, visit,
issue, season, and the same for B. Every request is about side A.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver, reverse

from floorprogram.policy import POLICY
from issues.attachments.actions import attach
from issues.models import Issue, SavedView
from notifications.models import Message, Notice, Webhook, WebhookDelivery
from people.models import Absence, AuditEvent, RosterImport, RosterUpload, User
from people.roster.uploads import take_upload
from shadowing.models import Plan, RegroupGroup, Season, SeasonHost, SeasonState, UnavailableDay, Visit
from surveys.models import Audience, Invitation, QuestionnaireVersion, Response, Round, RoundState
from surveys.questionnaires import editing, lifecycle
from surveys.questionnaires.builtin import HOSTING, builtin_version
from tests.factories import (
    NINE,
    ExecutiveFactory,
    HostFactory,
    IssueFactory,
    RegroupGroupFactory,
    SeasonExecutiveFactory,
    SeasonFactory,
    SeasonHostFactory,
    SiteFactory,
    TeamFactory,
    UserFactory,
    VisitFactory,
)

pytestmark = pytest.mark.django_db
IDENTITIES = [
    "admin", "sponsor", "coordinator_a", "coordinator_b", "executive_a", "executive_b", "assistant_a", "assistant_b",
    "host_a", "host_b", "anonymous",
]  # fmt: skip
ON_BOTH = {"admin", "coordinator_a", "executive_a", "host_a"}  # together they open every page: SQLite needs no others
ROWS = [each if each in ON_BOTH else pytest.param(each, marks=pytest.mark.once) for each in IDENTITIES]
SIDE_A = {"executive_a", "assistant_a", "host_a"}
READING = ("SELECT", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")
READS_A = {"admin", "sponsor", "coordinator_a"}
ROUND_VERBS = ("setup", "round_edit", "open", "extend", "raise", "close", "delete", "slips")
SEES = {  # which identities may see side A's object of each kind
    "visit": READS_A | SIDE_A,
    "issue": READS_A | SIDE_A,
    "wall": READS_A | SIDE_A,
    "season": READS_A,
    "round": READS_A | SIDE_A | {"executive_b", "host_b"},  # the season's total is for all executives and hosts
    "host": READS_A | {"host_a"},
    "day": READS_A,
    "regroup": {"admin", "coordinator_a"} | SIDE_A,
    "away": {"admin", "coordinator_a", "host_a"},
    "leaving": {"admin", "coordinator_a"},
    "message": {"admin", "coordinator_a"},
    "webhook": {"admin"},
    "upload": {"coordinator_a"},
    "import": {"coordinator_a", "admin"},
    "invitation": {"host_a"},
    "plan": READS_A,
    "season_host": {"admin", "coordinator_a", "host_a"},
    "own_place": READS_A | {"executive_a", "assistant_a"},
    "executive": READS_A | SIDE_A - {"host_a"} | {"coordinator_b"},
    "secret": set(),
    "grant": {"admin"},
    "report": READS_A | {"coordinator_b"},
    "list": {"admin", "sponsor", "coordinator_a", "coordinator_b", *SIDE_A, "executive_b", "assistant_b", "host_b"},
    "saved": {"coordinator_a"},
    "questionnaire": {"admin", "coordinator_a", "coordinator_b"},  # every coordinator's draft is every coordinator's
}


def routes(resolver=None, prefix=""):
    """(view name, parameter names) of every address."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield prefix + (pattern.name or ""), set(pattern.pattern.converters)
        else:
            yield from routes(pattern, prefix + (f"{pattern.namespace}:" if pattern.namespace else ""))


ROUTES = sorted({(name, frozenset(names)) for name, names in routes()}, key=str)


@pytest.fixture
def world(tmp_path, settings):
    """Both sides; returns side A's objects and who is who."""
    settings.PRIVATE_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path}}
    }
    sides = {name: side(name) for name in "ab"}
    people = {"admin": UserFactory(role="admin"), "sponsor": UserFactory(role="sponsor")}
    for name, objects in sides.items():
        people |= {f"{role}_{name}": objects[role] for role in ("coordinator", "executive", "assistant", "host")}
    moments = {"created_at": NINE, "hears_from": NINE, "heard_until": NINE}
    webhook = Webhook.objects.create(
        name="Bridge", url="https://chat.example.com/hook", created_by=people["admin"], **moments
    )
    event = {"kind": "webhook.test", "subject": "test", "key": "1", "created_at": NINE, "due_at": NINE}
    sides["a"] |= {"webhook": webhook, "delivery": WebhookDelivery.objects.create(webhook=webhook, **event)}
    return sides["a"], people


def side(name):
    site = SiteFactory(name=f"Site {name}", slug=f"site-{name}")
    season = SeasonFactory(name=f"Season {name}", slug=f"season-{name}", sites=[site], state=SeasonState.PUBLISHED)
    executive = ExecutiveFactory(assistant=UserFactory(name=f"Assistant {name}"))
    host = HostFactory(team=TeamFactory(site=site))
    coordinator = UserFactory(name=f"Coordinator {name}", role="coordinator", sites=[site])
    visit = VisitFactory(held=True, executive=executive, host=host, season=season)
    SeasonExecutiveFactory(season=season, executive=executive)
    entry = SeasonHostFactory(season=season, host=host)
    issue = IssueFactory(origin_visit=visit)
    attachment = attach(
        issue=issue, file=ContentFile(b"words"), name="x.txt", host_reads=True, by=executive.user, now=NINE
    )
    survey_round = hosting_round(season, host)
    message = Message.objects.create(recipient=host.user, created_at=NINE, due_at=NINE)
    Notice.objects.create(
        recipient=host.user, kind="shadowing.invited", subject=visit.subject, anchor=visit.date, site_id=site.pk,
        message=message, created_at=NINE,
    )  # fmt: skip
    file = ContentFile(b"name,number,site\nMaya Rowntree,7,Leeds\n", name="x.csv")
    upload = take_upload(file=file, kind="hosts", header=True, by=coordinator, now=NINE)
    done = RosterImport.objects.create(kind="hosts", filters_key="", imported_at=NINE, imported_by=coordinator)
    plan = Plan.objects.create(season=season, number=1, asked_at=NINE)
    finish_plans(season, visit)
    return {
        "visit": visit, "issue": issue, "season": season, "round": survey_round, "host_profile": host, "message": message,
        "upload": upload, "import": done, "plan": plan, "season_host": entry, "coordinator": coordinator,
        "executive": executive.user, "assistant": executive.assistant, "host": host.user,
        "grant": coordinator.role_grants.get(), "absence": away_for_long(host.user),
        "regroup": RegroupGroupFactory(day__site=site, day__date=visit.date),
        "attachment": attachment, "questionnaire": questionnaire_draft(coordinator),
        "saved": SavedView.objects.create(user=coordinator, name="Mine", query="state=open"),
    }  # fmt: skip


def questionnaire_draft(by):
    """A draft with a section and a question; both have the key "one"."""
    draft = lifecycle.create(name="Tools", description="", languages=["en"], by=by, now=NINE)
    question = {"type": "yesno", "section": "one", "texts": {"en": {"text": "One"}}}
    editing.add_section(version_id=draft.pk, revision=0, texts={"en": "One"}, by=by, now=NINE)
    editing.add_question(version_id=draft.pk, revision=1, question=question, by=by, now=NINE)
    return draft


def away_for_long(user):
    """Away in a far year: the clock of these tests is the wall's."""
    days = {"first_day": date(2099, 1, 1), "last_day": date(2099, 1, 31)}
    return Absence.objects.create(user=user, created_at=NINE, created_by=user, **days)


def finish_plans(season, visit):
    """Plans 2 and 3 have a result, plan 2 the visit's pair."""
    done = {"season": season, "asked_at": NINE, "finished_at": NINE, "state": "feasible", "seconds": 1.0}
    plans = [Plan.objects.create(number=number, **done) for number in (2, 3)]
    pair = {"executive": visit.executive, "host": visit.host, "site": visit.site, "date": visit.date}
    plans[0].pairs.create(score=1000, **pair)


def hosting_round(season, host):
    survey_round = Round.objects.create(
        season=season, version=builtin_version(HOSTING, now=NINE), audience=Audience.VISIT_HOSTS, state=RoundState.OPEN,
        opens_on=NINE.date(), closes_on=NINE.date() + timedelta(days=30),
    )  # fmt: skip
    cell = survey_round.cells.create()
    Invitation.objects.create(round=survey_round, cell=cell, user=host.user, due_from=NINE.date())
    return survey_round


def kind_and_arguments(name, names, own):
    """What a route is about, and the arguments that point it at side A's."""
    visit = own["visit"]
    if name.startswith("shadowing:season_willing"):
        return "season_host", {"slug": own["season"].slug, "host_id": own["host_profile"].pk}
    if name in ("shadowing:season_place", "shadowing:step_back"):
        kind = "own_place" if name == "shadowing:step_back" else "season"
        return kind, {"slug": own["season"].slug, "executive_id": visit.executive_id}
    if name == "surveys:answer_own":
        return "invitation", {"pk": own["round"].pk}
    if name.startswith(("surveys:question", "surveys:section")):
        wanted = {"slug": HOSTING, "pk": own["questionnaire"].pk, "key": "one"}
        return "questionnaire", {each: wanted[each] for each in names}
    if "regroup" in name:
        wanted = {"site": visit.site.slug, "day": visit.date, "group": own["regroup"].pk}
        return "regroup", {each: wanted[each] for each in names}
    by_names = {
        frozenset({"visit_id"}): ("visit", {"visit_id": visit.uuid}),
        frozenset({"visit"}): ("visit", {"visit": visit.uuid}),
        frozenset({"slug"}): ("season", {"slug": own["season"].slug}),
        frozenset({"pk", "ending"}): ("round", {"pk": own["round"].pk, "ending": "csv"}),
        frozenset({"slug", "ending"}): ("season", {"slug": own["season"].slug, "ending": "csv"}),
        frozenset({"slug", "number"}): ("plan", {"slug": own["season"].slug, "number": 1}),
        frozenset({"slug", "number", "executive_id"}): (
            "plan",
            {"slug": own["season"].slug, "number": 2, "executive_id": visit.executive_id},
        ),
        frozenset({"slug", "number", "ending"}): ("plan", {"slug": own["season"].slug, "number": 2, "ending": "csv"}),
        frozenset({"slug", "day"}): ("season", {"slug": own["season"].slug, "day": own["season"].starts_on}),
        frozenset({"number"}): ("issue", {"number": own["issue"].number}),
        frozenset({"number", "pk"}): ("issue", {"number": own["issue"].number, "pk": own["attachment"].pk}),
        frozenset({"executive_id"}): ("executive", {"executive_id": visit.executive_id}),
        frozenset({"user_id"}): ("host", {"user_id": own["host_profile"].pk}),
        frozenset({"site", "day"}): ("day", {"site": visit.site.slug, "day": visit.date}),
        frozenset({"site"}): ("wall", {"site": visit.site.slug}),
        frozenset({"webhook_id"}): ("webhook", {"webhook_id": own["webhook"].pk}),
        frozenset({"delivery_id"}): ("webhook", {"delivery_id": own["delivery"].pk}),
        frozenset({"token"}): ("secret", {"token": "altered"}),
        frozenset({"secret"}): ("secret", {"secret": "altered"}),
        frozenset({"uidb36", "key"}): ("secret", {"uidb36": "1", "key": "altered"}),
        frozenset({"name"}): ("report", {"name": "participation"}),
        frozenset({"ending"}): ("list", {"ending": "csv"}),
    }
    if name == "issues:bulk":
        return "list", {"name": "category"}
    if names in by_names:
        return by_names[names]
    by_route = {
        "people:person": ("host", own["host_profile"].pk),
        "people:away": ("away", own["host_profile"].pk),
        "people:left": ("leaving", own["host_profile"].pk),
        "people:returned": ("leaving", own["host_profile"].pk),
        "people:back": ("away", own["absence"].pk),
        "people:import_columns": ("upload", own["upload"].pk),
        "people:import_dry_run": ("upload", own["upload"].pk),
        "people:import_run": ("upload", own["upload"].pk),
        "people:import_cancel": ("upload", own["upload"].pk),
        "people:import_done": ("import", own["import"].pk),
        "people:revoke": ("grant", own["grant"].pk),
        "surveys:round": ("round", own["round"].pk),
        **{f"surveys:{name}": ("round", own["round"].pk) for name in ROUND_VERBS},
        "issues:view_rename": ("saved", own["saved"].pk),
        "issues:view_default": ("saved", own["saved"].pk),
        "issues:view_delete": ("saved", own["saved"].pk),
    }
    if name in by_route:
        kind, pk = by_route[name]
        return kind, {next(iter(names)): pk}
    if name.startswith("notifications:"):
        return "message", {next(iter(names)): own["message"].pk}
    raise AssertionError(f"Tell this test what {name} with {set(names)} is about.")


def state_of_the_world():
    """Everything a request might change."""
    return [
        list(Visit.objects.order_by("pk").values_list("state", "version", "date")),
        list(Issue.objects.order_by("pk").values_list("state", "version", "title")),
        list(Season.objects.order_by("pk").values_list("state", "name")),
        list(RegroupGroup.objects.order_by("pk").values_list("outcome", "version", "name")),
        list(Round.objects.order_by("pk").values_list("state")),
        list(Message.objects.order_by("pk").values_list("state")),
        list(Webhook.objects.order_by("pk").values_list("secret", "paused_at")),
        list(WebhookDelivery.objects.order_by("pk").values_list("state")),
        list(SeasonHost.objects.order_by("pk").values_list("willing", "max_visits")),
        *(
            model.objects.count()
            for model in (
                Absence,
                RegroupGroup,
                User,
                AuditEvent,
                UnavailableDay,
                Notice,
                Response,
                RosterUpload,
                Plan,
                SavedView,
                QuestionnaireVersion,
            )
        ),
    ]


def test_every_route_has_its_policy_and_every_policy_its_route():
    assert {name for name, _ in ROUTES} == set(POLICY)


def test_a_route_without_a_policy_is_not_served(client, monkeypatch):
    monkeypatch.delitem(POLICY, "healthz")
    client.raise_request_exception = False

    assert client.get("/healthz").status_code == 500


@pytest.mark.parametrize("identity", ROWS)
def test_reading(client, world, identity):
    """Given side A's objects; when this identity opens every route; then it gets only what the table and SEES allow."""
    wrong = []
    for route, url, kind, admitted, seen in addresses(client, world, identity):
        status = answer(client.get(url))
        if not right_answer(route, kind, admitted, seen, status, identity, unknown=302):
            wrong.append(f"{route} {url}: {status}")
    assert wrong == []


def test_who_asks_both_databases_opens_all_that_can_be_opened(client, world):
    def opened(identity):
        return {route for route, _, _, admitted, seen in addresses(client, world, identity) if admitted and seen}

    assert set().union(*map(opened, ON_BOTH)) == set().union(*map(opened, IDENTITIES))


@pytest.mark.parametrize("identity", ROWS)
def test_writing(client, world, identity):
    """Given side A's objects; when this identity posts nothing at all to every route; then no error, and where it sees
    nothing, nothing changes."""
    wrong, before = [], None
    for route, url, kind, admitted, seen in addresses(client, world, identity):
        if route in ("account_logout", "set_language"):
            continue
        before = before or state_of_the_world()
        with CaptureQueriesContext(connection) as asked:
            status = answer(client.post(url, {}))
        if not right_answer(route, kind, admitted, seen, status, identity, unknown=401):
            wrong.append(f"{route} {url}: {status}")
        if admitted and seen:
            before = None
        elif wrote(asked) and state_of_the_world() != before:
            wrong.append(f"{route} {url}: changed something")
    assert wrong == []


def wrote(asked):
    """Whether any statement was more than reading: without one, nothing can have changed."""
    return not all(query["sql"].lstrip("( ").startswith(READING) for query in asked)


@pytest.mark.once
@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_other_methods_are_refused(client, world, method):
    client.force_login(world[1]["coordinator_a"])
    before = state_of_the_world()

    statuses = {
        (route, answer(getattr(client, method)(url)))
        for route, url, _kind, admitted, seen in addresses(client, world, "coordinator_a")
        if admitted and seen and not route.startswith(("account", "set_language", "home", "look"))
    }

    assert {route for route, status in statuses if status < 400 or status >= 500} == set()
    assert state_of_the_world() == before


def addresses(client, world, identity):
    """(route, url, kind, admitted, seen) of every route for this identity, signed in."""
    own, people = world
    user = people.get(identity)
    if user:
        client.force_login(user)
        user = User.objects.with_identities().get(pk=user.pk)
    for name, names in ROUTES:
        kind, arguments = kind_and_arguments(name, names, own) if names else ("", {})
        rule = POLICY[name]
        admitted = rule.anonymous or bool(user and rule.admits(user))
        yield name, reverse(name, kwargs=arguments), kind, admitted, not kind or identity in SEES[kind]


def answer(response):
    """Its status, once files it streams are read and closed."""
    if response.streaming:
        list(response.streaming_content)
    return response.status_code


def right_answer(route, kind, admitted, seen, status, identity, *, unknown):
    """405 comes before anything is looked up, so it tells nothing. ``unknown``: what somebody gets who is not signed in."""
    if status >= 500:
        return False
    if not admitted:
        return status == (unknown if identity == "anonymous" else 404)
    if kind == "secret":
        return status in (404, 410, 405) or route.startswith("account")
    return seen or status in (404, 405)


def test_the_world_is_as_the_table_says(world):
    own, people = world
    for identity, user in people.items():
        person = User.objects.with_identities().get(pk=user.pk)
        assert Visit.objects.visible_to(person).filter(pk=own["visit"].pk).exists() == (identity in SEES["visit"])
        assert Issue.objects.visible_to(person).filter(pk=own["issue"].pk).exists() == (identity in SEES["issue"])
