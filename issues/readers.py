"""What of an issue somebody who may see it reads: hosts only what is meant for them."""

from __future__ import annotations

from issues import rules
from issues.models import Attachment, Issue
from people.models import User


def reads_inside(user: User, issue: Issue) -> bool:
    """Reads what the owner's side wrote for itself too. The host it was promised to, and hosts of the team who are asked
    in their place, do not, unless they work on it."""
    if rules.says_where_it_stands(user, issue):
        return True
    return user.reads_everything or not (rules.is_host(user, issue) or rules.is_team_host(user, issue))


def may_read_file(user: User, issue: Issue, attachment: Attachment) -> bool:
    """Hosts read the files that are for them, and those they added themselves."""
    return attachment.host_reads or attachment.added_by_id == user.pk or reads_inside(user, issue)
