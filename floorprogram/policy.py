"""The policy table: which route is open to whom, on whose objects.

The middleware enforces the first half (who) for every route and refuses to serve one without an entry. The second half
(whose objects) is the queryset method ``visible_to(user)`` each view fetches through, named here so that the test that
drives every route as every role knows what to expect. What a person may not see answers 404.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

EVERYBODY = frozenset({"admin", "coordinator", "sponsor", "executive", "assistant", "host"})
ADMIN = frozenset({"admin"})
STAFF = frozenset({"admin", "coordinator"})
READERS = STAFF | {"sponsor"}
VISITORS = STAFF | {"executive", "assistant", "host"}
OWNERS = STAFF | {"executive", "assistant"}


@dataclass(frozen=True)
class Rule:
    """``who``: identities of which the person needs one; empty: anybody signed in. ``anonymous``: no sign-in needed.
    ``objects``: whose, in words, for the reader and the test."""

    who: frozenset[str] = frozenset()
    anonymous: bool = False
    objects: str = ""

    def admits(self, user: Any) -> bool:
        """True when this person may use the route at all."""
        if self.anonymous:
            return True
        return bool(user.is_authenticated and (not self.who or user.identities & self.who))


ANYBODY = Rule(anonymous=True)
SIGNED_IN = Rule()

POLICY: dict[str, Rule] = {
    "home": Rule(objects="their own day"),
    "look": Rule(ADMIN),
    "healthz": ANYBODY,
    "readyz": ANYBODY,
    "csp_reports": ANYBODY,
    "set_language": ANYBODY,
    "account_login": ANYBODY,
    "account_logout": ANYBODY,
    "account_inactive": ANYBODY,
    "account_reset_password": ANYBODY,
    "account_reset_password_done": ANYBODY,
    "account_reset_password_from_key": ANYBODY,
    "account_reset_password_from_key_done": ANYBODY,
    "account_change_password": SIGNED_IN,
    "account_reauthenticate": SIGNED_IN,
    # notifications
    "notifications:outbox": Rule(STAFF, objects="messages about their sites"),
    "notifications:act": Rule(anonymous=True, objects="what the signed link is for"),
    # surveys
    "surveys:index": Rule(objects="rounds visible to them, their own invitation"),
    "surveys:round": Rule(objects="released cells of own sites, else the season's total"),
    "surveys:close": Rule(STAFF, objects="rounds of seasons whose sites are all theirs"),
    "surveys:answer": Rule(anonymous=True, objects="the invitation of the signed link"),
    "surveys:answer_own": Rule(objects="their own invitation"),
    "surveys:thanks": ANYBODY,
    # reports
    "reports:index": Rule(READERS),
    "reports:report": Rule(READERS, objects="visits and issues of their sites, all for the sponsor"),
    "reports:csv": Rule(READERS, objects="as the page"),
    "reports:xlsx": Rule(READERS, objects="as the page"),
}
