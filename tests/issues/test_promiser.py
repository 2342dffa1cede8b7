"""A promise changes no hands: what is read about an issue names who promised then, and who owns it now."""

from datetime import timedelta

import pytest
from django.core import mail
from freezegun import freeze_time

from issues import actions
from notifications.links import make_link
from notifications.sending import send_due
from notifications.sweep import sweep
from tests.factories import NINE, ExecutiveFactory, UserFactory
from tests.issues.conftest import LATER

pytestmark = pytest.mark.django_db
THEN = "What Anneke Vos promised"


@pytest.fixture
def ravi(cast):
    """The issue is Ravi's now; his manager and his assistant hear of it."""
    ravi = ExecutiveFactory(
        user__name="Ravi Menon", assistant=UserFactory(name="Aled Assistant"), line_manager=UserFactory(name="Lin Lead")
    )
    about = {"issue": cast.issue, "now": NINE}
    actions.offer_handover(to=ravi, reason="His systems.", by=cast.people["owner"], **about)
    cast.issue = actions.accept_handover(by=ravi.user, **about)
    return ravi


def letters(at, *, sweep_first=True):
    """What goes out at an instant, by the reader's address."""
    mail.outbox.clear()
    if sweep_first:
        sweep(now=at)
    with freeze_time(at):
        send_due(now=at)
    return {letter.to[0].rpartition("<")[2].strip(">"): " ".join(letter.body.split()) for letter in mail.outbox}


def test_reminders_to_the_new_owner_and_those_above(cast, ravi, mailoutbox):
    letters(LATER)
    found = letters(NINE + timedelta(days=30))  # the third reminder of an update

    mine = f"{THEN} Maya on 1 March. You own it now"
    assert mine in found[ravi.user.address]
    assert mine in found[ravi.assistant.address]
    assert f"{THEN} Maya on 1 March. Ravi Menon owns it now" in found[ravi.line_manager.address]
    assert "What you promised" not in " ".join(found.values())


def test_what_the_host_is_told_and_asked(cast, ravi, mailoutbox):
    actions.post_update(issue=cast.issue, text="In test.", by=ravi.user, now=LATER)
    host = cast.people["host"].address
    assert f"{THEN} you on 1 March. Ravi Menon owns it now" in letters(LATER)[host]

    actions.deliver(issue=cast.issue, text="One screen.", impact="Minutes.", by=ravi.user, now=LATER)
    asked = letters(LATER, sweep_first=False)[host]
    assert "Ravi Menon says that issue" in asked
    assert f"{THEN} you on 1 March. Ravi Menon owns it now" in asked


def test_words_are_of_who_wrote_them_whoever_owns_it_when_they_are_read(cast, mailoutbox):
    actions.post_update(issue=cast.issue, text="The form is gone.", by=cast.people["assistant"], now=NINE)
    cast.executive.user.is_active = False
    cast.executive.user.save()
    new = ExecutiveFactory(user__name="Nia New")
    actions.transfer_issue(issue=cast.issue, to=new, reason="She left.", by=cast.people["coordinator"], now=NINE)

    found = letters(LATER)[cast.people["host"].address]

    assert "Nia New owns issue" in found
    assert "Nia New owns it now" in found
    assert "Nia New wrote" not in found


def test_after_a_second_handover_the_first_owner_is_still_who_promised(cast, ravi, mailoutbox):
    nia = ExecutiveFactory(user__name="Nia New")
    about = {"issue": cast.issue, "now": LATER}
    actions.offer_handover(to=nia, reason="Hers after all.", by=ravi.user, **about)
    actions.accept_handover(by=nia.user, **about)
    found = letters(LATER)[cast.people["host"].address]
    assert "in place of Ravi Menon" in found
    assert f"{THEN} you on 1 March. Nia New owns it now" in found


def test_who_took_it_back_promised_it_themselves(cast, ravi, mailoutbox):
    about = {"issue": cast.issue, "now": LATER}
    actions.offer_handover(to=cast.executive, reason="Yours after all.", by=ravi.user, **about)
    actions.accept_handover(by=cast.people["owner"], **about)
    letters(LATER)
    found = letters(NINE + timedelta(days=30))
    assert "What you promised Maya on 1 March" not in found.get(ravi.user.address, "")
    assert f"{THEN} Maya on 1 March" in found[cast.people["line manager"].address]
    assert "owns it now" not in found[cast.people["line manager"].address]


def test_the_pages_say_so_too(client, cast, ravi):
    with freeze_time(LATER):
        client.force_login(ravi.user)
        html = client.get(f"/issues/{cast.issue.pk}/").content.decode()
        assert "Anneke Vos promised it to Maya Rowntree, Billing Care in Leeds" in html
        assert "Ravi Menon owns it now" in html

        client.force_login(cast.people["host"])
        html = client.get("/issues/promises/").content.decode()
        assert "What Anneke Vos promised you" in html
        assert "Ravi Menon owns it now." in html

        actions.deliver(issue=cast.issue, text="One screen.", impact="Minutes.", by=ravi.user, now=LATER)
        host = cast.people["host"]
        link = make_link(purpose="issues.confirm", subject=cast.issue.subject, user=host, now=LATER)
        html = " ".join(client.get(link.removeprefix("http://testserver")).content.decode().split())
        assert "What Anneke Vos promised you on" in html
        assert "What Ravi Menon says is done" in html
