"""A forgotten password: the same answer for every address, a mail only for those who sign in, whatever the mail server does."""

import re
from smtplib import SMTPException

import pytest
from django.core.mail.backends.locmem import EmailBackend

from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
NEW = "a-long-new-password"


@pytest.fixture
def person():
    user = UserFactory(email="erin@example.com")
    user.set_password(PASSWORD)
    user.save()
    return user


def ask(client, address):
    return client.post("/accounts/password/reset/", {"email": address})


def test_every_address_gets_the_same_answer_and_only_a_known_one_a_mail(client, person, mailoutbox):
    answers = [ask(client, address) for address in ("nobody@example.com", person.email)]

    assert [(each.status_code, each.headers["Location"]) for each in answers] == [
        (302, "/accounts/password/reset/done/")
    ] * 2
    (mail,) = mailoutbox
    assert mail.to == [person.email]
    assert mail.subject == "A new password for Back to the Floor"


def test_who_left_gets_no_mail(client, person, mailoutbox):
    person.is_active = False
    person.save()
    assert ask(client, person.email).status_code == 302
    assert not mailoutbox


def test_the_link_sets_a_password_once(client, person, mailoutbox):
    ask(client, person.email)
    link = re.search(r"http://testserver(/\S+)", mailoutbox[0].body)[1]

    form = client.get(link, follow=True)
    done = client.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})

    person.refresh_from_db()
    assert done.status_code == 302
    assert person.check_password(NEW)
    client.logout()
    assert "password1" not in client.get(link, follow=True).content.decode()


@pytest.mark.parametrize("error", [ConnectionRefusedError(), SMTPException("421")], ids=["away", "refusing"])
def test_a_mail_server_that_is_away_fails_no_page(client, person, monkeypatch, error):
    def fail(*_args):
        raise error

    monkeypatch.setattr(EmailBackend, "send_messages", fail)
    assert ask(client, person.email).status_code == 302


def test_signing_in_is_said_in_our_own_words(client, person):
    page = client.post("/accounts/login/", {"login": person.email, "password": PASSWORD}, follow=True)
    assert f"You are signed in as {person.name}." in page.content.decode()
