"""Addresses of people."""

from django.urls import path

from people import views

app_name = "people"
urlpatterns = [
    path("", views.index, name="index"),
    path("<int:pk>/", views.person, name="person"),
    path("<int:pk>/away/", views.away, name="away"),
    path("<int:pk>/left/", views.left, name="left"),
    path("<int:pk>/returned/", views.returned, name="returned"),
    path("away/<int:pk>/back/", views.back, name="back"),
    path("import/", views.import_file, name="import_file"),
    path("import/<uuid:pk>/columns/", views.import_columns, name="import_columns"),
    path("import/<uuid:pk>/dry-run/", views.import_dry_run, name="import_dry_run"),
    path("import/<uuid:pk>/run/", views.import_run, name="import_run"),
    path("import/<uuid:pk>/cancel/", views.import_cancel, name="import_cancel"),
    path("import/done/<int:pk>/", views.import_done, name="import_done"),
    path("roles/", views.roles, name="roles"),
    path("roles/grant/", views.grant, name="grant"),
    path("roles/<int:pk>/revoke/", views.revoke, name="revoke"),
]
