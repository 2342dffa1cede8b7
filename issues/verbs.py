"""The verbs that have a page of their own: their form, their action, and what the page says before one presses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from issues import actions, forms, sharing_forms
from issues.hands import hands
from issues.models import Issue


@dataclass(frozen=True)
class Verb:
    """``name`` is the key of rules.MAY and the url. ``follows`` says what happens next and who is told. ``asked``: it
    answers a request, so whoever was asked hears what became of it, also when they can read the issue no more."""

    name: str
    form: type[forms.IssueForm]
    action: Callable[..., Issue]
    title: str | Promise
    follows: str | Promise
    button: str | Promise
    done: str | Promise
    style: str = "btn-primary"
    asked: bool = False

    def words(self, issue: Issue) -> dict[str, str]:
        """Its texts with the names of this issue's people."""
        people = {"host": issue.promised_to.user.first_name, "owner": issue.owner.user.first_name, "number": issue.pk}
        if self.name == "take_back":
            offer = hands(issue).last_offer
            people["other"] = offer.to_owner.user.first_name if offer else _("The other")
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
    Verb("withdraw", sharing_forms.WithdrawForm, actions.withdraw, _("Withdraw issue %(number)s?"),
         _("It is closed and counts as not solved. %(owner)s and %(host)s see the reason."), _("Withdraw it"),
         _("Withdrawn"), "btn-stop"),
    Verb("merge", forms.MergeForm, actions.merge, _("Merge issue %(number)s into another?"),
         _("The other issue goes on for both. This one is closed."), _("Merge"), _("Merged")),
    Verb("remind", forms.RemindForm, actions.remind, _("Ask %(owner)s where it stands?"),
         _("%(owner)s gets one message in their working hours, with the buttons to answer. Once a day at most. %(host)s is "
           "not told."), _("Remind %(owner)s"), _("%(owner)s is reminded")),
    Verb("ask_withdrawal", forms.ReasonForm, actions.ask_withdrawal, _("Ask for issue %(number)s to be withdrawn?"),
         _("A coordinator agrees, or lets it go on. Until then its clocks run. %(host)s is not told yet."),
         _("Ask the coordinator"), _("The coordinator has been asked")),
    Verb("refuse_withdrawal", forms.ReasonForm, actions.refuse_withdrawal, _("Let it go on?"),
         _("%(owner)s is told why it is not withdrawn."), _("Let it go on"), _("It goes on")),
    Verb("handover", sharing_forms.OfferForm, actions.offer_handover, _("Offer it to another owner?"),
         _("They are asked at once. %(owner)s stays the owner until they accept. What was promised to %(host)s stays."),
         _("Offer it"), _("Offered. %(owner)s stays the owner until they accept")),
    Verb("accept_handover", forms.IssueForm, actions.accept_handover, _("Make issue %(number)s yours?"),
         _("You own it from now on, with what was promised to %(host)s. %(owner)s is told. Your first update is due in "
           "two weeks."), _("Accept: it is mine now"), _("It is yours now"), asked=True),
    Verb("decline_handover", forms.ReasonForm, actions.decline_handover, _("Decline to own issue %(number)s?"),
         _("%(owner)s keeps it and reads why."), _("Decline"), _("Declined. %(owner)s keeps it"), asked=True),
    Verb("take_back", forms.IssueForm, actions.take_back_offer, _("Take the offer back?"),
         _("%(other)s is no longer asked. %(owner)s keeps the issue."), _("Take it back"), _("Taken back"), asked=True),
    Verb("transfer", sharing_forms.OfferForm, actions.transfer_issue, _("Give issue %(number)s a new owner?"),
         _("It is theirs at once. They are told, and can hand it back to you within five working days."),
         _("Give it to them"), _("It has a new owner")),
    Verb("hand_back", forms.ReasonForm, actions.hand_back, _("Hand issue %(number)s back?"),
         _("The coordinator is told and finds somebody else. Until then it stays yours."), _("Hand it back"),
         _("Handed back. It stays yours until the coordinator has found somebody")),
    Verb("ask_counterpart", sharing_forms.AskForm, actions.ask_counterpart, _("Ask somebody to work on it too?"),
         _("They are asked at once and read the issue. They can decline. %(owner)s stays its only owner."), _("Ask them"),
         _("They have been asked")),
    Verb("accept_counterpart", forms.IssueForm, actions.accept_counterpart, _("Work on issue %(number)s too?"),
         _("%(owner)s is told. You can hand it back later."), _("Accept"), _("Accepted. %(owner)s is told"), asked=True),
    Verb("decline_counterpart", forms.ReasonForm, actions.decline_counterpart, _("Decline to work on it?"),
         _("%(owner)s reads why."), _("Decline"), _("Declined. %(owner)s reads why"), asked=True),
    Verb("leave_counterpart", forms.ReasonForm, actions.leave_counterpart, _("Hand your part back?"),
         _("%(owner)s reads why and asks somebody else, or does it."), _("Hand it back"),
         _("Handed back. %(owner)s reads why"), asked=True),
    Verb("end_counterpart", sharing_forms.EndForm, actions.end_counterpart, _("Who is no longer needed?"),
         _("They are not reminded any more. It stands in the history."), _("No longer ask them"), _("No longer asked")),
    Verb("snooze", sharing_forms.SnoozeForm, actions.snooze, _("Put its reminders off?"),
         _("Once for this target date. Its clocks run on, and %(host)s sees them."), _("Put them off"),
         _("Its reminders wait")),
    Verb("check", sharing_forms.CheckForm, actions.answer_check, _("Does it still hold?"),
         _("With a no, %(owner)s reads your words and the issue opens again. No manager is told."), _("Send it"),
         _("Your answer stands in the history"), "btn-host"),
    Verb("watch", forms.IssueForm, actions.watch, _("Follow this issue?"),
         _("You find it in your list and can always read it. Nobody is told."), _("Follow it"), _("You follow it now")),
    Verb("unwatch", forms.IssueForm, actions.unwatch, _("Follow it no longer?"), _("Nobody is told."),
         _("Follow it no longer"), _("You follow it no longer")),
]  # fmt: skip
VERBS = {verb.name: verb for verb in _ALL}
