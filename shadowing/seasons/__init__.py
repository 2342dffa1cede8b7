"""Seasons as coordinators set them up: what a season file may say, applying it, people, states."""

from shadowing.seasons.apply import apply_season
from shadowing.seasons.members import record_willing, sync_people
from shadowing.seasons.parts import change_season, start_season
from shadowing.seasons.policy import change_reminders
from shadowing.seasons.states import back_to_draft, close_season, delete_draft, mark_planned, open_collecting

__all__ = [
    "apply_season",
    "back_to_draft",
    "change_reminders",
    "change_season",
    "close_season",
    "delete_draft",
    "mark_planned",
    "open_collecting",
    "record_willing",
    "start_season",
    "sync_people",
]
