"""Addresses of shadowing."""

from django.urls import path, register_converter

from shadowing.converters import IsoDate
from shadowing.views import availability, calendar, floor, plan_results, plans, publish, seasons, visit_days, visits

register_converter(IsoDate, "isodate")

app_name = "shadowing"
urlpatterns = [
    path("seasons/", seasons.index, name="seasons"),
    path("seasons/new/", seasons.create, name="season_new"),
    path("seasons/<slug:slug>/", seasons.season, name="season"),
    path("seasons/<slug:slug>/edit/", seasons.edit, name="season_edit"),
    path("seasons/<slug:slug>/open/", seasons.open_collecting, name="season_open"),
    path("seasons/<slug:slug>/draft/", seasons.back_to_draft, name="season_draft"),
    path("seasons/<slug:slug>/close/", seasons.close, name="season_close"),
    path("seasons/<slug:slug>/people/", seasons.people, name="season_people"),
    path("seasons/<slug:slug>/people/roster/", seasons.follow_roster, name="season_roster"),
    path("seasons/<slug:slug>/people/<int:host_id>/", seasons.willing, name="season_willing"),
    path("seasons/<slug:slug>/board/", seasons.season_board, name="season_board"),
    path("seasons/<slug:slug>/plan/", plans.plan, name="season_plan"),
    path("seasons/<slug:slug>/plan/start/", plans.start_plan, name="plan_start"),
    path("seasons/<slug:slug>/plan/<int:number>/progress/", plans.progress, name="plan_progress"),
    path("seasons/<slug:slug>/plan/<int:number>/stop/", plans.stop_plan, name="plan_stop"),
    path("seasons/<slug:slug>/plan/<int:number>/adopt/", plans.adopt, name="plan_adopt"),
    path("seasons/<slug:slug>/plan/<int:number>/pairs/<int:executive_id>/", plan_results.pair, name="plan_pair"),
    path("seasons/<slug:slug>/plan/<int:number>/pairs.<str:ending>", plan_results.pairs_file, name="plan_pairs_file"),
    path(
        "seasons/<slug:slug>/plan/<int:number>/left-out.<str:ending>", plan_results.left_out_file,
        name="plan_left_out_file",
    ),
    path("seasons/<slug:slug>/plan/compare/", plan_results.compare, name="plan_compare"),
    path("seasons/<slug:slug>/plan/compare.csv", plan_results.compare_file, name="plan_compare_file"),
    path("availability/", availability.availability, name="availability"),
    path("availability/list/", availability.day_list, name="day_list"),
    path("availability/<int:user_id>/", availability.person_availability, name="person_availability"),
    path("availability/<int:user_id>/day/", availability.turn_day, name="turn_day"),
    path("availability/<int:user_id>/confirm/", availability.confirm, name="confirm_days"),
    path("availability/<int:user_id>/calendar/", availability.upload, name="upload_calendar"),
    path("availability/<int:user_id>/take-over/", availability.take_over, name="take_over"),
    path("availability/<int:user_id>/undo/", availability.undo, name="undo_days"),
    path("seasons/<slug:slug>/publish/", publish.publish, name="publish"),
    path("visits/", visits.visits, name="visits"),
    path("visits/<uuid:visit_id>/", visits.visit, name="visit"),
    path("visits/<uuid:visit_id>/accept/", visits.accept, name="accept"),
    path("visits/<uuid:visit_id>/decline/", visits.decline, name="decline"),
    path("visits/<uuid:visit_id>/invite/", visits.invite, name="invite"),
    path("visits/<uuid:visit_id>/move/", visits.move, name="move"),
    path("visits/<uuid:visit_id>/cancel/", visits.cancel, name="cancel"),
    path("visits/<uuid:visit_id>/brief/", visits.brief, name="brief"),
    path("visits/<uuid:visit_id>/check-in/", visit_days.check_in, name="check_in"),
    path("visits/<uuid:visit_id>/no-show/", visit_days.no_show, name="no_show"),
    path("visits/<uuid:visit_id>/correct/", visits.correct, name="correct"),
    path("visits/<uuid:visit_id>/floor/", floor.floor, name="floor"),
    path("visit-days/", visit_days.visit_days, name="visit_days"),
    path("visit-days/<slug:site>/<isodate:day>/", visit_days.visit_day, name="visit_day"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/end/", calendar.calendar_end, name="calendar_end"),
    path("calendar/<str:secret>.ics", calendar.calendar_feed, name="calendar_feed"),
]
