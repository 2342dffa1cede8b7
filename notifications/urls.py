"""Addresses of notifications."""

from django.urls import include, path

from notifications import views

app_name = "notifications"
urlpatterns = [
    path("outbox/", views.outbox, name="outbox"),
    path("outbox/<uuid:pk>/", views.message, name="message"),
    path("outbox/<uuid:pk>/mail/", views.mail_file, name="mail_file"),
    path("outbox/<uuid:pk>/resend/", views.resend, name="resend"),
    path("outbox/<uuid:pk>/cancel/", views.cancel, name="cancel"),
    path("outbox/<uuid:pk>/bounced/", views.bounced, name="bounced"),
    path("outbox/<uuid:pk>/address-works/", views.address_works, name="address_works"),
    path("act/<str:token>/", views.act, name="act"),
    path("leave/<str:token>/", views.leave, name="leave"),
    path("digests/", views.digests, name="digests"),
    path("webhooks/", include("notifications.webhooks.urls")),
]
