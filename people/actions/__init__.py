"""What people with the right to do it change about people. Each verb is one function, one transaction, one audit event."""

from people.actions.roles import grant_role, revoke_role

__all__ = ["grant_role", "revoke_role"]
