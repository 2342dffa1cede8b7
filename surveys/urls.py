"""Addresses of surveys."""

from django.urls import path

from surveys.views import answer, index, results, rounds

app_name = "surveys"
urlpatterns = [
    path("", index.index, name="index"),
    path("thanks/", answer.thanks, name="thanks"),
    path("answer/<str:token>/", answer.answer, name="answer"),
    path("<int:pk>/", results.survey_round, name="round"),
    path("<int:pk>/answer/", answer.answer_own, name="answer_own"),
    path("<int:pk>/close/", rounds.close, name="close"),
]
