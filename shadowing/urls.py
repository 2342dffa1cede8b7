"""Addresses of shadowing."""

from django.urls import URLPattern

app_name = "shadowing"
urlpatterns: list[URLPattern] = []
