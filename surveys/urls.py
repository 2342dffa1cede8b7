"""Addresses of surveys."""

from django.urls import path

from surveys import views

app_name = "surveys"
urlpatterns = [
    path("", views.index, name="index"),
    path("thanks/", views.thanks, name="thanks"),
    path("answer/<str:token>/", views.answer, name="answer"),
    path("<int:pk>/", views.survey_round, name="round"),
    path("<int:pk>/answer/", views.answer_own, name="answer_own"),
    path("<int:pk>/close/", views.close, name="close"),
]
