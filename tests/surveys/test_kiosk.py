"""The shared terminal: a PIN opens one survey, and nothing is left of it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from surveys import answering, kiosk
from surveys.models import Invitation, Response, Round, RoundState, Signature
from surveys.slips import print_slips
from tests.factories import HostingRoundFactory, UserFactory

pytestmark = pytest.mark.django_db
PAGE, ANSWER = "/surveys/kiosk/", "/surveys/kiosk/answer/"
GIVEN = {"worthwhile": "1", "floor-share": "4", "change": "More time with callers."}
NOW = timezone.now()


@pytest.fixture(autouse=True)
def own_cache(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


@pytest.fixture
def survey_round():
    return HostingRoundFactory.create(hosts=6)


@pytest.fixture
def slips(survey_round):
    people = survey_round.invitations.values_list("user_id", flat=True)
    site = survey_round.season.sites.get()
    return print_slips(round_id=survey_round.pk, site=site, users=people, by=UserFactory(role="admin"), now=NOW)


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())[1]


def type_pin(client, pin, **more):
    once = hidden(client.get(PAGE), "~once")
    return client.post(PAGE, {"pin": pin, "~once": once} | more, follow=True)


def send(client, given):
    """What the terminal shows after this was sent: every form is answered with a redirect."""
    page = client.post(ANSWER, given, follow=True)
    assert len(page.redirect_chain) == 1
    return page


def test_a_pin_opens_the_survey_and_the_answers_spend_it(client, slips):
    sheet = type_pin(client, slips[0].pin)
    assert sheet.status_code == 200
    assert "Was hosting worthwhile?" in sheet.content.decode()

    done = client.post(ANSWER, GIVEN | {"~ticket": hidden(sheet, "~ticket")})

    assert done.headers["Location"] == "/surveys/kiosk/done/?lang=en"
    assert "This screen has forgotten you." in client.get(done.headers["Location"]).content.decode()
    assert Response.objects.count() == Invitation.objects.filter(used=True).count() == 1
    assert Invitation.objects.get(used=True).user == slips[0].user


def test_no_session_no_lasting_cookie_and_no_draft(client, slips):
    sheet = type_pin(client, slips[0].pin)
    page = sheet.content.decode()
    done = client.post(ANSWER, GIVEN | {"~ticket": hidden(sheet, "~ticket")})

    assert "session" not in client.cookies
    assert "data-draft" not in page
    assert slips[0].user.name not in page
    assert sheet.headers["Cache-Control"] == done.headers["Cache-Control"] == "no-store"
    assert not client.cookies["csrf"].value
    assert done.cookies["csrf"]["max-age"] == 0


def test_the_form_cookie_ends_with_the_browser(client):
    assert client.get(PAGE).cookies["csrf"]["max-age"] == ""


@pytest.mark.parametrize("change", ["used", "closed", "wrong"])
def test_used_closed_and_wrong_pins_read_the_same(client, survey_round, slips, change):
    never = type_pin(client, "123 456 789x")
    if change == "used":
        given = {"worthwhile": 1, "floor-share": 4}
        answering.finish(round_id=survey_round.pk, user_id=slips[0].user.pk, given=given)
    if change == "closed":
        Round.objects.update(state=RoundState.CLOSED)
    page = type_pin(client, "987 654 321" if change == "wrong" else slips[0].pin)

    assert page.status_code == never.status_code == 422
    assert _plain(page) == _plain(never)
    assert slips[0].pin not in page.content.decode()


def _plain(page):
    return re.sub(r'(name="(~once|csrfmiddlewaretoken)" value=)"[^"]*"', r"\1", page.content.decode())


def test_going_back_and_sending_the_pin_again_opens_nothing(client, slips):
    once = hidden(client.get(PAGE), "~once")
    first = client.post(PAGE, {"pin": slips[0].pin, "~once": once}, follow=True)
    again = client.post(PAGE, {"pin": slips[0].pin, "~once": once}, follow=True)

    assert "~ticket" in first.content.decode()
    assert again.status_code == 422
    assert "~ticket" not in again.content.decode()
    assert client.post(PAGE, {"pin": slips[0].pin}, follow=True).status_code == 422


def test_answers_sent_twice_are_stored_once(client, slips):
    sheet = type_pin(client, slips[0].pin)
    ticket = {"~ticket": hidden(sheet, "~ticket")}
    client.post(ANSWER, GIVEN | ticket)

    again = send(client, GIVEN | ticket)

    assert again.status_code == 422
    assert "If those were your answers, they are in" in again.content.decode()
    assert "More time with callers" not in again.content.decode()
    assert Response.objects.count() == 1


def test_a_ticket_ends_after_twenty_minutes_and_with_a_new_slip(client, survey_round, slips):
    ticket = hidden(type_pin(client, slips[0].pin), "~ticket")
    assert kiosk.invitation_of(ticket, now=NOW).user == slips[0].user
    site = survey_round.season.sites.get()
    print_slips(round_id=survey_round.pk, site=site, users=[slips[0].user.pk], by=UserFactory(role="admin"), now=NOW)

    page = send(client, GIVEN | {"~ticket": ticket})

    assert page.status_code == 422
    assert "nothing was stored" in page.content.decode()


@pytest.mark.parametrize("ticket", ["", "x", "a:b:c", "\x00", "é" * 300])
def test_forged_tickets_open_nothing(client, slips, ticket):
    page = send(client, GIVEN | {"~ticket": ticket})

    assert page.status_code == 422
    assert not Response.objects.exists()


def test_a_missing_answer_keeps_the_rest_and_stores_nothing(client, slips):
    ticket = hidden(type_pin(client, slips[0].pin), "~ticket")

    page = send(client, {"~ticket": ticket, "change": "kept words"})

    assert page.status_code == 422
    assert "kept words" in page.content.decode()
    assert "this question has to be answered" in page.content.decode()
    assert not Response.objects.exists()
    done = send(client, GIVEN | {"~ticket": hidden(page, "~ticket")})
    assert "This screen has forgotten you." in done.content.decode()


@pytest.mark.parametrize("sent", [{"change": "kept words"}, {"~language": "de", "change": "kept words"}])
def test_going_back_and_sending_a_survey_page_again_shows_nothing_of_it(client, slips, sent):
    """Given a page that was refused, or shown in another language, and left; when the next person sends that form again,
    or reloads; then the PIN is asked for, and no word of the one before is there."""
    ticket = hidden(type_pin(client, slips[0].pin), "~ticket")
    crossing = client.post(ANSWER, {"~ticket": ticket} | sent)
    assert crossing.cookies["kiosk"]["max-age"] == 60
    shown = client.get(crossing.headers["Location"])
    assert "kept words" in shown.content.decode()
    assert shown.cookies["kiosk"].value == ""

    reloaded = client.get(crossing.headers["Location"], follow=True)
    again = send(client, {"~ticket": ticket} | sent)

    for page in (reloaded, again):
        assert page.request["PATH_INFO"] == PAGE
        assert "kept words" not in page.content.decode()
        assert "~ticket" not in page.content.decode()
    assert "This page was sent before." in again.content.decode()


def test_answers_too_long_to_carry_are_shown_at_once(client, slips):
    """Given more words than a cookie holds; when an answer is missing; then every word is still there, and can be sent."""
    ticket = hidden(type_pin(client, slips[0].pin), "~ticket")
    words = "".join(chr(0x4E00 + (number * 7919) % 20_000) for number in range(4000))

    page = client.post(ANSWER, {"~ticket": ticket, "change": words})

    assert page.status_code == 422
    assert words in page.content.decode()
    assert "kiosk" not in page.cookies or not page.cookies["kiosk"].value
    again = send(client, {"~ticket": ticket, "change": words})
    assert words not in again.content.decode()
    send(client, GIVEN | {"~ticket": hidden(page, "~ticket"), "change": words})
    assert Response.objects.count() == 1


def test_a_refused_pin_is_said_once(client, slips):
    assert "This PIN opens no survey." in type_pin(client, "123 456 789").content.decode()
    assert "This PIN opens no survey." not in client.get(PAGE).content.decode()


def test_another_language_keeps_what_was_answered_and_stores_nothing(client, slips):
    ticket = hidden(type_pin(client, slips[0].pin), "~ticket")

    page = send(client, GIVEN | {"~ticket": ticket, "~language": "de"}).content.decode()

    assert "Hat sich der Tag als Gastgeber gelohnt?" in page
    assert "More time with callers." in page
    assert 'value="4" id="id_floor-share_3" required checked' in page or "checked" in page
    assert not Response.objects.exists()


def test_a_survey_closed_meanwhile_is_said(client, slips):
    ticket = hidden(type_pin(client, slips[0].pin), "~ticket")
    Round.objects.update(state=RoundState.CLOSED)

    assert send(client, GIVEN | {"~ticket": ticket}).status_code == 422
    assert not Response.objects.exists()


def test_a_named_round_says_so_at_the_terminal_too(client, survey_round, slips):
    Round.objects.update(anonymous=False)
    sheet = type_pin(client, slips[0].pin)
    assert "your name stands with your answers" in sheet.content.decode()
    client.post(ANSWER, GIVEN | {"~ticket": hidden(sheet, "~ticket")})
    assert Signature.objects.get().user == slips[0].user


def test_guessing_at_one_terminal_ends_after_a_dozen(client, slips):
    for number in range(kiosk.MOST_HERE):
        assert type_pin(client, f"{number:09}").status_code == 422

    assert type_pin(client, "000 000 077").status_code == 429
    assert type_pin(client, slips[0].pin).status_code == 429  # a right one does not tell itself apart
    elsewhere = client.post(PAGE, {"pin": slips[0].pin, "~once": kiosk.new_once()}, REMOTE_ADDR="10.0.0.7")
    assert elsewhere.headers["Location"].startswith(ANSWER)


def test_guessing_from_everywhere_ends_too(slips):
    for number in range(kiosk.MOST_ANYWHERE):
        assert not isinstance(_guess(number), kiosk.TooManyTries)

    assert isinstance(_guess(kiosk.MOST_ANYWHERE), kiosk.TooManyTries)


def _guess(number):
    with pytest.raises(kiosk.Refused) as refusal:
        kiosk.enter("000000000", once=kiosk.new_once(), address=f"10.0.{number // 200}.{number % 200}", now=NOW)
    return refusal.value


def test_right_pins_are_not_counted(slips):
    for number in range(3 * kiosk.MOST_HERE):
        kiosk.enter(slips[number % 6].pin, once=kiosk.new_once(), address="10.0.0.1", now=NOW)


def test_ten_minutes_later_it_may_be_tried_again(slips):
    for _number in range(kiosk.MOST_HERE + 2):
        with pytest.raises(kiosk.Refused):
            kiosk.enter("000000000", once=kiosk.new_once(), address="10.0.0.1", now=NOW)
    later = NOW + timedelta(minutes=10)
    assert kiosk.enter(slips[0].pin, once=kiosk.new_once(), address="10.0.0.1", now=later)


def test_the_cache_holds_neither_addresses_nor_pins(slips, client):
    with pytest.raises(kiosk.Refused):
        kiosk.enter("123123123", once="once", address="10.1.2.3", now=NOW)

    kept = str(cache._cache) + str(list(cache._expire_info))
    assert "10.1.2.3" not in kept
    assert "123123123" not in kept


def test_whoever_opens_the_inner_address_starts_at_the_pin(client):
    assert client.get(ANSWER).headers["Location"] == PAGE


def test_a_pin_leads_to_a_page_that_shows_once(client, slips):
    """Given a PIN; when its page is left, reloaded or come back to; then the PIN is asked for, and nothing was kept."""
    once = hidden(client.get(PAGE), "~once")
    crossing = client.post(PAGE, {"pin": slips[0].pin, "~once": once})
    ticket = crossing.cookies["kiosk"]
    assert (crossing.status_code, crossing.headers["Location"]) == (302, f"{ANSWER}?lang=en")
    assert (ticket["httponly"], ticket["samesite"], ticket["max-age"]) == (True, "Strict", 60)
    assert slips[0].pin not in str(crossing.cookies) + crossing.headers["Location"]

    first, again = client.get(crossing.headers["Location"]), client.get(crossing.headers["Location"])

    assert "Was hosting worthwhile?" in first.content.decode()
    assert first.cookies["kiosk"].value == ""
    assert (again.status_code, again.headers["Location"]) == (302, PAGE)


def test_the_pin_page_takes_away_what_was_not_shown(client, slips):
    once = hidden(client.get(PAGE), "~once")
    client.post(PAGE, {"pin": slips[0].pin, "~once": once})

    client.get(PAGE)

    assert client.get(ANSWER).headers["Location"] == PAGE


@pytest.mark.parametrize("ticket", ["x", "a:b:c", "é"])
def test_a_forged_cookie_opens_nothing_and_says_nothing(client, slips, ticket):
    client.cookies["kiosk"] = ticket

    assert client.get(ANSWER).headers["Location"] == PAGE
    assert client.get(PAGE).status_code == 200


def test_a_slip_replaced_on_the_way_is_said(client, survey_round, slips):
    once = hidden(client.get(PAGE), "~once")
    crossing = client.post(PAGE, {"pin": slips[0].pin, "~once": once})
    Round.objects.update(state=RoundState.CLOSED)

    page = client.get(crossing.headers["Location"])

    assert page.status_code == 422
    assert "nothing was stored" in page.content.decode()


def test_the_terminal_speaks_german_where_the_browser_does(client):
    page = client.get(PAGE, headers={"accept-language": "de"}).content.decode()
    assert "PIN auf deinem Zettel" in page
    assert '<html lang="de"' in page


@pytest.mark.parametrize("where", ["pin", "answer"])
def test_hostile_posts_are_answered_without_an_error(client, slips, where):
    ticket = hidden(type_pin(client, slips[0].pin), "~ticket")
    for value in ("\x00", "9" * 10_000, "<script>alert(1)</script>", "١٢٣٤٥٦٧٨٩", "' OR 1=1 --"):
        data = {"pin": value, "~once": value} if where == "pin" else {"~ticket": ticket, "worthwhile": value}
        page = client.post(PAGE if where == "pin" else ANSWER, data, follow=True)
        assert page.status_code in (422, 429)
        assert "<script>alert" not in page.content.decode()
    assert not Response.objects.exists()
