"""What people with the right to do it change about people. Each verb is one function, one transaction, one audit event."""

from people.actions.absences import end_absence, set_absence
from people.actions.leaving import mark_left, mark_returned
from people.actions.roles import grant_role, revoke_role

__all__ = ["end_absence", "grant_role", "mark_left", "mark_returned", "revoke_role", "set_absence"]
