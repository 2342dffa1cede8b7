"""Addresses of reports."""

from django.urls import path

from floorprogram.reports import views

app_name = "reports"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:name>.csv", views.csv, name="csv"),
    path("<slug:name>.xlsx", views.xlsx, name="xlsx"),
    path("<slug:name>/", views.report, name="report"),
]
