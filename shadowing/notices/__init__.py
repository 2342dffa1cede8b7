"""What people hear about visits: the kinds of notices and how each reads. Registered when the app is ready."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from notifications.kinds import Kind, register
from shadowing.notices import asking, due, holds, hosts, other_days, places, standby, words

AT_ONCE: dict[str, Any] = {"immediate": True, "alone": True}  # a calendar part stands alone


def add_kinds() -> None:
    """Make the kinds known to the outbox; called once, from ``AppConfig.ready()``."""
    hosts_due, executives_due = asking.hosts_due, asking.executives_due
    add("host_asked", _("host asked"), asking.ask_hosts, asking.hosts_hold, due=hosts_due, before=True)
    add("days_asked", _("days asked"), asking.ask_executives, asking.executives_hold, due=executives_due, before=True)
    add("other_days", _("other days asked"), other_days.ask, other_days.still_wanted, immediate=True)
    add("invited", _("invitation"), words.invited, holds.invited, **AT_ONCE)
    add("moved", _("visit moved"), words.moved, holds.invited, **AT_ONCE)
    add("stood_in", _("standby steps in"), hosts.stood_in, holds.invited, **AT_ONCE)
    add("released", _("visit with another host"), hosts.released, holds.released, **AT_ONCE)
    add("cancelled", _("visit called off"), words.cancelled, holds.cancelled, **AT_ONCE)
    add("standby", _("standby asked"), standby.standby, standby.named, immediate=True)
    add("standby_off", _("standby not needed"), standby.standby_off, standby.freed, immediate=True)
    add("standby_gone", _("standby cannot"), standby.gone, standby.gone_holds, immediate=True)
    add("place_freed", _("place given up"), places.tell_freed, places.freed_holds, due=places.place_freed)
    add("unanswered", _("no answer in time"), places.tell_unanswered, places.unanswered_holds, due=places.unanswered)
    add("answer_by", _("answer due soon"), words.answer_by, holds.unanswered, due=due.answer_by, before=True)
    add("visit_coming", _("visit coming"), words.visit_coming, holds.coming, due=due.visit_coming, before=True)


def add(name: str, label: Any, render: Any, still: Any, **more: Any) -> None:
    register.add(Kind(f"shadowing.{name}", label, render, still, **more))
