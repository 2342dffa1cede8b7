"""Addresses of walls; the one with the secret needs no sign-in."""

from django.urls import path

from issues.views import wall

app_name = "wall"
urlpatterns = [
    path("", wall.index, name="index"),
    path("sites/<slug:site>/", wall.site, name="site"),
    path("sites/<slug:site>/link/", wall.make_link, name="make_link"),
    path("sites/<slug:site>/revoke/", wall.revoke_link, name="revoke_link"),
    path("<str:secret>/", wall.public, name="public"),
]
