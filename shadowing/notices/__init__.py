"""What people hear about visits: the kinds of notices and how each reads. Registered when the app is ready."""

from django.utils.translation import gettext_lazy as _

from notifications.kinds import Kind, register
from shadowing.notices import due, holds, words


def add_kinds() -> None:
    """Make the kinds known to the outbox; called once, from ``AppConfig.ready()``."""
    at_once = {"immediate": True, "alone": True}  # a calendar part stands alone
    for kind in (
        Kind("shadowing.invited", _("Invitation"), render=words.invited, holds=holds.invited, **at_once),
        Kind("shadowing.moved", _("Visit moved"), render=words.moved, holds=holds.invited, **at_once),
        Kind("shadowing.cancelled", _("Visit called off"), render=words.cancelled, holds=holds.cancelled, **at_once),
        Kind(
            "shadowing.answer_by", _("Invitation to answer"),
            render=words.answer_by, holds=holds.unanswered, due=due.answer_by, before=True,
        ),
        Kind(
            "shadowing.visit_coming", _("Visit coming"),
            render=words.visit_coming, holds=holds.coming, due=due.visit_coming, before=True,
        ),
    ):  # fmt: skip
        register.add(kind)
