"""The three addresses of the floor, open to whoever is signed in."""

from django.urls import path

from floorprogram.policy import POLICY, SIGNED_IN
from tests.bench.floor import views

urlpatterns = [
    path("list/", views.rows, name="floor_list"),
    path("one/<int:number>/", views.one, name="floor_one"),
    path("insert/<int:number>/", views.insert, name="floor_insert"),
]
POLICY.update({route.name: SIGNED_IN for route in urlpatterns})
