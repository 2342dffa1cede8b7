"""Who: people, their roles, and the places and units they belong to."""

from people.models.absences import Absence
from people.models.events import AuditEvent
from people.models.places import BusinessUnit, Site, Team
from people.models.profiles import Executive, Host
from people.models.roles import Role, RoleGrant
from people.models.roster import ColumnMapping, RosterEntry, RosterImport, RosterUpload
from people.models.users import User

__all__ = [
    "Absence",
    "AuditEvent",
    "BusinessUnit",
    "ColumnMapping",
    "Executive",
    "Host",
    "Role",
    "RoleGrant",
    "RosterEntry",
    "RosterImport",
    "RosterUpload",
    "Site",
    "Team",
    "User",
]
