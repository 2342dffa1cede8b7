"""Addresses of webhooks; their names live with those of notifications."""

from django.urls import path

from notifications.webhooks import views

urlpatterns = [
    path("", views.index, name="webhooks"),
    path("new/", views.webhook_new, name="webhook_new"),
    path("<int:webhook_id>/", views.webhook, name="webhook"),
    path("<int:webhook_id>/edit/", views.webhook_edit, name="webhook_edit"),
    path("<int:webhook_id>/pause/", views.webhook_pause, name="webhook_pause"),
    path("<int:webhook_id>/resume/", views.webhook_resume, name="webhook_resume"),
    path("<int:webhook_id>/rotate/", views.webhook_rotate, name="webhook_rotate"),
    path("<int:webhook_id>/test/", views.webhook_test, name="webhook_test"),
    path("<int:webhook_id>/remove/", views.webhook_remove, name="webhook_remove"),
    path("deliveries/<uuid:delivery_id>/resend/", views.delivery_resend, name="delivery_resend"),
]
