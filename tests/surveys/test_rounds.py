"""Planning, opening and closing rounds, their cells, and who is invited."""

from datetime import date, timedelta
from functools import partial

import pytest

from people.errors import Conflict, NotAllowed, Refused
from people.models import AuditEvent, User
from shadowing.models import SeasonState, VisitState
from surveys import rounds
from surveys.models import Audience, Cell, Invitation, QuestionnaireVersion, Release, Round, RoundState
from surveys.questionnaires.builtin import builtin_version
from surveys.rounds.counts import cell_counts
from tests.factories import (
    NINE,
    ExecutiveFactory,
    HostFactory,
    SeasonFactory,
    SiteFactory,
    TeamFactory,
    UserFactory,
    VisitFactory,
)

DAY = date(2027, 3, 1)
pytestmark = pytest.mark.django_db


def season_with_visits(**held_at):
    """A published season: ``season_with_visits(leeds=12)`` holds 12 visits at Leeds."""
    sites = {name: SiteFactory(name=name.title()) for name in held_at}
    season = SeasonFactory(sites=list(sites.values()), state=SeasonState.PUBLISHED)
    for name, count in held_at.items():
        team = TeamFactory(site=sites[name])
        for _ in range(count):
            VisitFactory(held=True, season=season, host=HostFactory(team=team), site=sites[name])
    return season


def test_a_published_season_gets_its_survey_by_itself_and_only_once():
    season = season_with_visits(leeds=1)

    assert rounds.open_due_rounds(now=NINE) == 1
    assert rounds.open_due_rounds(now=NINE) == 0

    assert Round.objects.get().season == season
    with pytest.raises(Conflict):
        rounds.open_hosting_round(season=season, now=NINE)


def test_small_sites_are_pooled_and_a_pool_under_k_is_hidden():
    season = season_with_visits(leeds=10, lisbon=3, pune=1)

    survey_round = rounds.open_hosting_round(season=season, now=NINE)

    leeds, pooled = survey_round.cells.get(site__name="Leeds"), survey_round.cells.get(site=None)
    assert (leeds.site.name, leeds.hidden) == ("Leeds", False)
    assert [site.name for site in rounds.pooled_sites(survey_round)] == ["Lisbon", "Pune"]
    assert pooled.hidden


def test_hosts_of_held_visits_are_invited_once_on_the_day_of_the_visit():
    season = season_with_visits(leeds=3)
    VisitFactory(invited=True, season=season, site=season.sites.get(), host=HostFactory(team__site=season.sites.get()))
    rounds.open_due_rounds(now=NINE)

    assert rounds.invite_visitors() == 3
    assert rounds.invite_visitors() == 0

    assert set(Invitation.objects.values_list("due_from", flat=True)) == {date(2027, 3, 1)}


def test_a_site_that_joined_later_belongs_to_the_hidden_pool():
    season = season_with_visits(leeds=10)
    rounds.open_due_rounds(now=NINE)
    late = SiteFactory(name="Late")
    VisitFactory(held=True, season=season, site=late, host=HostFactory(team__site=late))

    rounds.invite_visitors()

    assert Cell.objects.get(site=None).hidden
    assert Invitation.objects.filter(cell__site=None).count() == 1


def test_a_correction_to_no_show_invites_nobody():
    season = season_with_visits(leeds=1)
    season.visits.update(state=VisitState.NO_SHOW)
    rounds.open_due_rounds(now=NINE)

    assert rounds.invite_visitors() == 0


def test_rounds_close_after_their_last_day_or_by_a_coordinator_of_all_sites():
    season = season_with_visits(leeds=1, lisbon=1)
    rounds.open_due_rounds(now=NINE)
    survey_round = Round.objects.get()
    of_one_site = UserFactory(role="coordinator", sites=[season.sites.first()])

    with pytest.raises(NotAllowed):
        rounds.close_round(round_id=survey_round.pk, by=of_one_site, now=NINE)
    assert rounds.close_due_rounds(now=NINE) == []
    rounds.close_due_rounds(now=NINE + timedelta(days=60))

    survey_round.refresh_from_db()
    assert survey_round.state == RoundState.CLOSED
    with pytest.raises(Conflict):
        rounds.close_round(round_id=survey_round.pk, by=UserFactory(role="coordinator"), now=NINE)


def test_who_closed_a_round_early_is_on_record():
    season = season_with_visits(leeds=1)
    survey_round = rounds.open_hosting_round(season=season, now=NINE)
    coordinator = UserFactory(role="coordinator")

    rounds.close_round(round_id=survey_round.pk, by=coordinator, now=NINE)

    event = AuditEvent.objects.get(subject=f"round:{survey_round.pk}", verb="round.closed")
    assert (event.by, event.at) == (coordinator, NINE)


# --- Planning, changing, deleting


def plan(**more):
    """A plan for all executives, two weeks from the first day of the season."""
    fields = {"version": version(), "audience": Audience.EXECUTIVES, "opens_on": DAY, "closes_on": date(2027, 3, 14)}
    return rounds.RoundPlan(**fields | more)


def version(slug="pulse-executives"):
    return builtin_version(slug, now=NINE)


def planned(season, by=None, **more):
    by = by or UserFactory(role="coordinator")
    return rounds.plan_round(season=season, plan=plan(**more), by=by, now=NINE)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"audience": "everybody"}, "audience"),
        ({"phase": "during"}, "phase"),
        ({"k": 4}, "k"),
        ({"k_text": 7}, "k_text"),
        ({"k": 9}, "k_text"),
        ({"k_text": 1001}, "k_text"),
        ({"closes_on": date(2027, 2, 28)}, "closes_on"),
        ({"closes_on": date(2028, 3, 14)}, "closes_on"),
    ],
)
def test_a_plan_keeps_the_rules(wrong, field):
    season = season_with_visits(leeds=1)

    with pytest.raises(Refused) as refusal:
        planned(season, **wrong)

    assert refusal.value.field == field
    assert not Round.objects.exists()


def test_a_plan_names_a_site_of_its_season_for_the_front_line_only():
    season, elsewhere = season_with_visits(leeds=1), SiteFactory()
    for wrong in ({"site": season.sites.get()}, {"site": elsewhere, "audience": Audience.FRONT_LINE}):
        with pytest.raises(Refused) as refusal:
            planned(season, **wrong)
        assert refusal.value.field == "site"


def test_drafts_and_retired_questionnaires_are_not_asked():
    season, asked = season_with_visits(leeds=1), version()
    unpublished = QuestionnaireVersion.objects.create(questionnaire=asked.questionnaire, number=2)
    with pytest.raises(Refused):
        planned(season, version=unpublished)
    asked.questionnaire.retired_at, asked.questionnaire.retired_by = NINE, UserFactory()
    with pytest.raises(Refused):
        planned(season, version=asked)


def test_only_coordinators_of_all_sites_plan_and_of_one_site_for_its_front_line():
    season = season_with_visits(leeds=1, lisbon=1)
    leeds = season.sites.get(name="Leeds")
    of_leeds = UserFactory(role="coordinator", sites=[leeds])
    for nobody in (of_leeds, UserFactory(role="sponsor"), UserFactory()):
        with pytest.raises(NotAllowed):
            planned(season, by=nobody)

    survey_round = planned(season, by=of_leeds, audience=Audience.FRONT_LINE, site=leeds)

    assert rounds.may_manage(survey_round, of_leeds)
    assert not rounds.may_manage(survey_round, UserFactory(role="coordinator", sites=[season.sites.get(name="Lisbon")]))


def test_a_season_without_sites_is_nobodys():
    with pytest.raises(NotAllowed):
        planned(SeasonFactory(), by=UserFactory(role="sponsor"))


def test_the_same_survey_for_the_same_people_is_planned_once():
    season = season_with_visits(leeds=1)
    planned(season, phase="before")
    planned(season, phase="after")

    with pytest.raises(Conflict):
        planned(season, phase="before")
    assert Round.objects.count() == 2


def test_a_draft_is_changed_and_deleted_and_both_are_on_record():
    season, by = season_with_visits(leeds=1), UserFactory(role="coordinator")
    survey_round = planned(season, by=by)

    rounds.change_round(round_id=survey_round.pk, plan=plan(k=6), by=by, now=NINE)
    assert Round.objects.get().k == 6
    rounds.delete_round(round_id=survey_round.pk, by=by, now=NINE)

    assert not Round.objects.exists()
    verbs = AuditEvent.objects.filter(subject=f"round:{survey_round.pk}").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["round.planned", "round.changed", "round.deleted"]


# --- Opening


def executives(count):
    return [ExecutiveFactory() for _ in range(count)]


def test_all_executives_are_one_pooled_cell_and_asked_at_once():
    season, people = season_with_visits(leeds=1), executives(4)
    gone = ExecutiveFactory(user__is_active=False)

    survey_round = rounds.open_round(round_id=planned(season).pk, by=UserFactory(role="coordinator"), now=NINE)

    cell = survey_round.cells.get()
    asked = set(survey_round.invitations.values_list("user_id", flat=True))
    assert (cell.site, cell.hidden) == (None, False)  # four and the one who visited
    assert asked >= {person.pk for person in people}
    assert gone.pk not in asked
    assert set(survey_round.invitations.values_list("due_from", flat=True)) == {DAY}


def test_too_few_executives_are_told_that_nothing_is_ever_shown():
    season = season_with_visits(leeds=1)

    survey_round = rounds.open_round(round_id=planned(season).pk, by=UserFactory(role="coordinator"), now=NINE)

    assert survey_round.cells.get().hidden


def test_the_front_line_of_all_sites_falls_into_cells_and_back_offices_are_not_asked():
    season = season_with_visits(leeds=10, lisbon=3, pune=3)
    back = TeamFactory(site=season.sites.get(name="Leeds"), kind="back")
    HostFactory(team=back)
    asked = planned(season, audience=Audience.FRONT_LINE, version=version("pulse-front-line"))

    survey_round = rounds.open_round(round_id=asked.pk, by=UserFactory(role="coordinator"), now=NINE)

    cells = {cell.site.name if cell.site else "": cell for cell in survey_round.cells.select_related("site")}
    assert {name: cell.invitations.count() for name, cell in cells.items()} == {"Leeds": 10, "": 6}
    assert not any(cell.hidden for cell in cells.values())


def test_the_front_line_of_one_site_is_one_cell_of_it():
    season = season_with_visits(leeds=3, lisbon=12)
    leeds = season.sites.get(name="Leeds")
    asked = planned(season, audience=Audience.FRONT_LINE, site=leeds, version=version("pulse-front-line"))

    survey_round = rounds.open_round(round_id=asked.pk, by=UserFactory(role="coordinator", sites=[leeds]), now=NINE)

    cell = survey_round.cells.get()
    assert (cell.site, cell.hidden, cell.invitations.count()) == (leeds, True, 3)


def test_executives_of_held_visits_are_asked_after_their_visit():
    season = season_with_visits(leeds=12)
    asked = planned(season, audience=Audience.VISIT_EXECUTIVES, version=version("visit"))

    survey_round = rounds.open_round(round_id=asked.pk, by=UserFactory(role="coordinator"), now=NINE)

    assert survey_round.invitations.count() == 0
    assert rounds.invite_visitors() == 12
    expected = set(season.visits.values_list("executive_id", flat=True))
    assert set(survey_round.invitations.values_list("user_id", flat=True)) == expected


def test_named_rounds_hide_nobody_and_pool_nobody():
    season = season_with_visits(leeds=3, lisbon=12)
    asked = planned(season, audience=Audience.FRONT_LINE, anonymous=False, version=version("pulse-front-line"))

    survey_round = rounds.open_round(round_id=asked.pk, by=UserFactory(role="coordinator"), now=NINE)

    assert not survey_round.cells.filter(hidden=True).exists()
    assert survey_round.cells.filter(site__isnull=False).count() == 2


@pytest.mark.parametrize("audience", [Audience.VISIT_EXECUTIVES, Audience.VISIT_HOSTS])
def test_a_round_about_visits_waits_for_the_season_to_be_published(audience):
    season = season_with_visits(leeds=12)
    season.state = SeasonState.PLANNED
    season.save()
    survey_round = planned(season, audience=audience, version=version("visit"))

    with pytest.raises(Refused):
        rounds.open_round(round_id=survey_round.pk, by=UserFactory(role="coordinator"), now=NINE)
    assert rounds.open_due_rounds(now=NINE) == 0

    survey_round.refresh_from_db()
    assert (survey_round.state, survey_round.cells.count()) == (RoundState.DRAFT, 0)


def test_nobody_to_ask_and_a_last_day_gone_by_are_refused_and_leave_no_trace():
    season = SeasonFactory(sites=[SiteFactory()])
    by = UserFactory(role="coordinator")
    nobody = planned(season, audience=Audience.FRONT_LINE)
    late = planned(season)
    executives(6)
    for survey_round, now in ((nobody, NINE), (late, NINE + timedelta(days=20))):
        with pytest.raises(Refused):
            rounds.open_round(round_id=survey_round.pk, by=by, now=now)
        assert not survey_round.cells.exists()
    assert set(Round.objects.values_list("state", flat=True)) == {"draft"}


def test_drafts_open_on_their_first_day_by_themselves_and_once():
    season = season_with_visits(leeds=6)
    season.questionnaires = []
    season.save()
    survey_round = planned(season, opens_on=DAY + timedelta(days=1))

    assert rounds.open_due_rounds(now=NINE) == 0
    assert rounds.open_due_rounds(now=NINE + timedelta(days=1)) == 1
    assert rounds.open_due_rounds(now=NINE + timedelta(days=1)) == 0

    survey_round.refresh_from_db()
    assert (survey_round.state, survey_round.opened_by) == (RoundState.OPEN, None)


def test_opened_by_hand_ahead_of_its_day_it_is_open_from_then_on():
    season, by = season_with_visits(leeds=6), UserFactory(role="coordinator")
    survey_round = planned(season, opens_on=DAY + timedelta(days=5))

    opened = rounds.open_round(round_id=survey_round.pk, by=by, now=NINE)

    assert (opened.opens_on, opened.opened_by) == (DAY, by)
    with pytest.raises(Conflict):
        rounds.open_round(round_id=survey_round.pk, by=by, now=NINE)


def test_opened_by_hand_it_is_still_open_for_a_year_at_most():
    season, by = season_with_visits(leeds=6), UserFactory(role="coordinator")
    survey_round = planned(season, opens_on=DAY + timedelta(days=5000), closes_on=DAY + timedelta(days=5030))

    with pytest.raises(Refused, match="a year at most"):
        rounds.open_round(round_id=survey_round.pk, by=by, now=NINE)

    survey_round.refresh_from_db()
    assert survey_round.state == RoundState.DRAFT


def test_a_season_that_lists_more_questionnaires_opens_each_for_its_people():
    season = season_with_visits(leeds=12)
    season.questionnaires = ["hosting", "visit", "pulse-executives", "pulse-front-line", "silos"]
    season.save()

    assert rounds.open_due_rounds(now=NINE) == 5
    assert rounds.open_due_rounds(now=NINE) == 0

    found = dict(Round.objects.values_list("version__questionnaire__slug", "audience"))
    assert found == {
        "hosting": "visit_hosts", "visit": "visit_executives", "pulse-executives": "executives",
        "pulse-front-line": "front_line", "silos": "executives",
    }  # fmt: skip
    assert Invitation.objects.filter(round__audience="front_line").count() == 12


# --- The promise stands


def opened(season, **more):
    return rounds.open_round(round_id=planned(season, **more).pk, by=UserFactory(role="coordinator"), now=NINE)


SETTINGS_OF_THE_PROMISE = {
    "anonymous": False, "k": 6, "k_text": 9, "audience": Audience.FRONT_LINE, "phase": "after", "closes_on": DAY,
}  # fmt: skip


@pytest.mark.parametrize("setting", SETTINGS_OF_THE_PROMISE)
@pytest.mark.parametrize("closed", [False, True])
def test_no_setting_of_the_promise_can_be_altered_after_the_opening(setting, closed):
    survey_round, by = opened(season_with_visits(leeds=6)), UserFactory(role="admin")
    if closed:
        rounds.close_round(round_id=survey_round.pk, by=by, now=NINE)
    before = Round.objects.values().get()

    for alter in (
        partial(rounds.change_round, plan=plan(**{setting: SETTINGS_OF_THE_PROMISE[setting]})),
        rounds.delete_round,
    ):
        with pytest.raises(Conflict):
            alter(round_id=survey_round.pk, by=by, now=NINE)

    assert Round.objects.values().get() == before


def test_thresholds_are_raised_and_never_lowered():
    survey_round, by = opened(season_with_visits(leeds=6)), UserFactory(role="coordinator")
    settle = partial(rounds.raise_thresholds, round_id=survey_round.pk, by=by, now=NINE)
    settle(k=6, k_text=9)

    for lower in ({"k": 5, "k_text": 9}, {"k": 6, "k_text": 8}, {"k": 12, "k_text": 9}):
        with pytest.raises(Refused):
            settle(**lower)

    survey_round.refresh_from_db()
    assert (survey_round.k, survey_round.k_text) == (6, 9)
    with pytest.raises(NotAllowed):
        rounds.raise_thresholds(round_id=survey_round.pk, by=UserFactory(role="sponsor"), now=NINE, k=7, k_text=9)


def test_a_cell_that_cannot_reach_a_raised_threshold_is_hidden_unless_it_was_released():
    survey_round, by = opened(season_with_visits(leeds=6)), UserFactory(role="coordinator")
    rounds.raise_thresholds(round_id=survey_round.pk, by=by, now=NINE, k=6, k_text=8)
    assert not survey_round.cells.get().hidden
    rounds.raise_thresholds(round_id=survey_round.pk, by=by, now=NINE, k=7, k_text=8)
    assert survey_round.cells.get().hidden

    survey_round.cells.update(hidden=False)
    Release.objects.create(cell=survey_round.cells.get(), number=1, released_on=DAY, invited=6, answered=5)
    rounds.raise_thresholds(round_id=survey_round.pk, by=by, now=NINE, k=8, k_text=8)
    assert not survey_round.cells.get().hidden


def test_the_last_day_only_moves_later():
    survey_round, by = opened(season_with_visits(leeds=6)), UserFactory(role="coordinator")
    extend = partial(rounds.extend_round, round_id=survey_round.pk, by=by, now=NINE)
    for day in (survey_round.closes_on, DAY, DAY + timedelta(days=400)):
        with pytest.raises(Refused):
            extend(closes_on=day)

    extend(closes_on=survey_round.closes_on + timedelta(days=7))

    assert Round.objects.get().closes_on == survey_round.closes_on + timedelta(days=7)
    rounds.close_round(round_id=survey_round.pk, by=by, now=NINE)
    with pytest.raises(Conflict):
        extend(closes_on=survey_round.closes_on + timedelta(days=9))


def test_a_draft_is_neither_extended_nor_closed():
    survey_round, by = planned(season_with_visits(leeds=6)), UserFactory(role="coordinator")
    for act in (rounds.close_round, partial(rounds.extend_round, closes_on=date(2027, 4, 1))):
        with pytest.raises(Conflict):
            act(round_id=survey_round.pk, by=by, now=NINE)


# --- Who sees a round


def test_named_rounds_are_for_coordinators_and_admins_alone():
    season = season_with_visits(leeds=6)
    named, anonymous = opened(season, anonymous=False), opened(season, phase="after")
    leeds = season.sites.get()
    visit = season.visits.first()

    def sees(user):
        return set(Round.objects.visible_to(User.objects.get(pk=user.pk)).values_list("pk", flat=True))

    everything = {named.pk, anonymous.pk}
    assert sees(UserFactory(role="admin")) == everything
    assert sees(UserFactory(role="coordinator", sites=[leeds])) == everything
    for reader in (UserFactory(role="sponsor"), visit.executive.user, visit.host.user):
        assert sees(reader) == {anonymous.pk}
    assert sees(UserFactory(role="coordinator", sites=[SiteFactory()])) == set()


def test_counts_per_cell_are_those_of_the_last_release_from_k_up():
    season = season_with_visits(leeds=12, lisbon=12, pune=1)
    survey_round = opened(season, audience=Audience.FRONT_LINE)
    Invitation.objects.filter(cell__site__name="Leeds").update(used=True)
    leeds = survey_round.cells.get(site__name="Leeds")
    Release.objects.create(cell=leeds, number=1, released_on=DAY, invited=12, answered=7)

    shown = cell_counts(survey_round, UserFactory(role="coordinator"))

    assert [(cell.name, cell.invited, cell.answered, cell.hidden) for cell in shown] == [
        ("Leeds", "12", "5+", False),
        ("Lisbon", "", "", False),
        ("Other sites", "", "", True),
    ]
    partial_coordinator = UserFactory(role="coordinator", sites=[season.sites.get(name="Lisbon")])
    assert [cell.name for cell in cell_counts(survey_round, partial_coordinator)] == ["Lisbon"]
