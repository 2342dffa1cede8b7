"""Every address. The first word is the app, the last one the function in its views."""

from allauth.account import views as account
from django.urls import include, path, register_converter
from django.urls.converters import StringConverter
from django.views.i18n import set_language

from floorprogram import views
from floorprogram.demo.views import demo_sign_in


class Base36(StringConverter):
    """The person in a password link: it ends at the first hyphen, for what follows has hyphens too."""

    regex = "[0-9A-Za-z]+"


register_converter(Base36, "base36")
accounts = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "password/reset/<base36:uidb36>-<key>/",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
urlpatterns = [
    path("", views.home, name="home"),
    path("", include("shadowing.urls")),
    path("", include("notifications.urls")),
    path("people/", include("people.urls")),
    path("issues/", include("issues.urls")),
    path("wall/", include("issues.wall.urls")),
    path("surveys/", include("surveys.urls")),
    path("reports/", include("floorprogram.reports.urls")),
    path("accounts/", include(accounts)),
    path("accounts/demo/", demo_sign_in, name="demo_sign_in"),
    path("language/", set_language, name="set_language"),
    path("look/", views.gallery, name="look"),
    path("csp-reports/", views.csp_reports, name="csp_reports"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
handler400, handler403 = "floorprogram.views.bad_request", "floorprogram.views.forbidden"
handler404, handler500 = "floorprogram.views.not_found", "floorprogram.views.server_error"
