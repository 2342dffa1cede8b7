"""The verbs that have a page of their own: their form, their action, and what the page says before one presses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from issues import actions, forms
from issues.models import Issue


@dataclass(frozen=True)
class Verb:
    """``name`` is the key of rules.MAY and the url. ``follows`` says what happens next and who is told."""

    name: str
    form: type[forms.IssueForm]
    action: Callable[..., Issue]
    title: str | Promise
    follows: str | Promise
    button: str | Promise
    done: str | Promise
    style: str = "btn-primary"

    def words(self, issue: Issue) -> dict[str, str]:
        """Its texts with the names of this issue's people."""
        people = {"host": issue.promised_to.user.first_name, "owner": issue.owner.user.first_name, "number": issue.pk}
        texts = {"title": self.title, "follows": self.follows, "button": self.button, "done": self.done}
        return {name: str(text) % people for name, text in texts.items()}


_ALL = [
    Verb("update", forms.UpdateForm, actions.post_update, _("Where does it stand?"),
         _("It stands in the history. %(host)s is told when they can read it."), _("Post update"), _("Update posted")),
    Verb("start", forms.IssueForm, actions.start, _("Has work begun?"),
         _("The issue is in progress from now on. Nobody is told."), _("Work has begun"), _("In progress now")),
    Verb("hold", forms.HoldForm, actions.hold, _("Put it on hold?"),
         _("Target and update clocks stand still until that day. %(host)s is still to hear something."),
         _("Put on hold"), _("On hold")),
    Verb("resume", forms.IssueForm, actions.resume, _("Take it off hold?"),
         _("Its clocks run again. Nobody is told."), _("Take it off hold"), _("Off hold")),
    Verb("deliver", forms.DeliverForm, actions.deliver, _("Is it delivered?"),
         _("%(host)s is asked at once whether it helps. Only that closes the issue."),
         _("Ask %(host)s whether it helps"), _("Delivered. %(host)s has been asked")),
    Verb("confirm", forms.IssueForm, actions.confirm, _("Does it help on the floor?"),
         _("That closes the issue as solved. %(owner)s sees it."), _("Yes, it helps"), _("Confirmed: it is solved"),
         "btn-host"),
    Verb("not_yet", forms.NotYetForm, actions.not_yet, _("What is missing?"),
         _("%(owner)s reads it at once and the issue opens again. No manager is told."), _("Send it to %(owner)s"),
         _("%(owner)s reads it now"), "btn-host"),
    Verb("write", forms.WordsForm, actions.host_write, _("Write to %(owner)s"),
         _("%(owner)s is told at once. It stands in the history."), _("Send to %(owner)s"), _("%(owner)s reads it now"),
         "btn-host"),
    Verb("change", forms.ChangeForm, actions.change_details, _("Put the details right"),
         _("What was promised stays as it was said."), _("Keep these details"), _("Details changed")),
    Verb("withdraw", forms.ReasonForm, actions.withdraw, _("Withdraw issue %(number)s?"),
         _("It is closed and counts as not solved. %(owner)s and %(host)s see the reason."), _("Withdraw it"),
         _("Withdrawn"), "btn-stop"),
    Verb("merge", forms.MergeForm, actions.merge, _("Merge issue %(number)s into another?"),
         _("The other issue goes on for both. This one is closed."), _("Merge"), _("Merged")),
]  # fmt: skip
VERBS = {verb.name: verb for verb in _ALL}
