"""Addresses of surveys."""

from django.urls import include, path

from surveys.views import alignment, answer, index, kiosk, results, rounds, slips

app_name = "surveys"
urlpatterns = [
    path("", index.index, name="index"),
    path("alignment/", alignment.alignment, name="alignment"),
    path("alignment/summary/", alignment.summary, name="alignment_summary"),
    path("alignment.<slug:ending>", alignment.export, name="alignment_export"),
    path("thanks/", answer.thanks, name="thanks"),
    path("new/", rounds.round_new, name="round_new"),
    path("kiosk/", kiosk.kiosk, name="kiosk"),
    path("kiosk/answer/", kiosk.kiosk_answer, name="kiosk_answer"),
    path("kiosk/done/", kiosk.kiosk_done, name="kiosk_done"),
    path("answer/<str:token>/", answer.answer, name="answer"),
    path("<int:pk>/", results.survey_round, name="round"),
    path("<int:pk>.<slug:ending>", results.export, name="export"),
    path("<int:pk>/answer/", answer.answer_own, name="answer_own"),
    path("<int:pk>/setup/", rounds.setup, name="setup"),
    path("<int:pk>/edit/", rounds.round_edit, name="round_edit"),
    path("<int:pk>/open/", rounds.open_now, name="open"),
    path("<int:pk>/extend/", rounds.extend, name="extend"),
    path("<int:pk>/raise/", rounds.raise_k, name="raise"),
    path("<int:pk>/close/", rounds.close, name="close"),
    path("<int:pk>/delete/", rounds.delete, name="delete"),
    path("questionnaires/", include("surveys.questionnaires.urls")),
    path("<int:pk>/slips/", slips.slips, name="slips"),
]
