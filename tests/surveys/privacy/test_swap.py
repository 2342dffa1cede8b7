"""Two hosts' answers swapped inside one release change no byte of anything anybody else can fetch."""

import io
import random
import re
import uuid
import zipfile
from unittest.mock import patch

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from surveys import releasing
from tests.factories import ExecutiveFactory, UserFactory
from tests.surveys.privacy import world

pytestmark = pytest.mark.django_db
LINK = re.compile(r'href="(/[^"#]*)')
ABOUT_RESULTS = re.compile(r"^/($|surveys/|reports/|outbox/)")
CHANGES_ANYWAY = re.compile(rb'(csrfmiddlewaretoken" value=|nonce=|X-CSRFToken[^:]*:\s*)"?[^"]*"')
MOMENT = timezone.now()  # some pages say when they were asked for
PAGES = 60  # a role, more than there are


def strangers(survey_round):
    """One of every role; none of them is invited."""
    site = survey_round.season.sites.order_by("pk").first()
    return {
        "admin": UserFactory(role="admin"),
        "coordinator": UserFactory(role="coordinator"),
        "coordinator of one site": UserFactory(role="coordinator", sites=[site]),
        "sponsor": UserFactory(role="sponsor"),
        "executive": ExecutiveFactory().user,
        "nobody": UserFactory(),
    }


def fetch(user):
    """Everything about results that this person reaches by following links, files included."""
    client = Client(raise_request_exception=False)
    client.force_login(user)
    found, waiting = {}, ["/", "/surveys/", "/reports/", "/reports/survey/", "/outbox/", "/surveys/alignment/"]
    while waiting and len(found) < PAGES:
        path = waiting.pop(0)
        if path in found:
            continue
        response = client.get(path)
        body = response.getvalue()
        found[path] = (response.status_code, plain(body))
        if "html" in response.headers.get("Content-Type", ""):
            links = (link.replace("&amp;", "&") for link in LINK.findall(body.decode()))
            waiting += sorted({link for link in links if ABOUT_RESULTS.match(link)} - found.keys())
    return found


def plain(body):
    """Without what differs between any two requests; of a workbook, its sheets."""
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            return {name: book.read(name) for name in book.namelist() if "sheet" in name or "Strings" in name}
    return CHANGES_ANYWAY.sub(b"", body)


def keys(seed):
    chance = random.Random(seed)
    return lambda: uuid.UUID(int=chance.getrandbits(128), version=4)


def told(survey_round, people, said):
    """What everybody can fetch once these answers are released, with the chance of one fixed draw. Undone afterwards."""
    cells = list(survey_round.cells.order_by("pk"))
    with transaction.atomic():
        world.answer(survey_round, said=said)
        random_rows = patch.object(releasing, "_random", random.Random(5))
        with random_rows, patch.object(releasing, "new_key", keys(7)):
            world.close(survey_round)
        assert survey_round.exact
        assert all(cell.releases.count() == 1 for cell in cells)
        with patch("django.utils.timezone.now", return_value=MOMENT):
            pages = {name: fetch(user) for name, user in people.items()}
        transaction.set_rollback(True)
    survey_round.refresh_from_db()
    return pages


@pytest.mark.once
def test_swapped_answers_change_nothing_anybody_can_fetch():
    survey_round = world.make_round(24, 24)
    rng = random.Random(3)
    users = [*survey_round.invitations.order_by("user_id").values_list("user_id", flat=True)]
    said = {user: world.given(rng, number) for number, user in enumerate(users)}
    first, second = [*survey_round.cells.order_by("pk").first().invitations.values_list("user_id", flat=True)[:2]]
    assert said[first] != said[second]
    people = strangers(survey_round)

    before = told(survey_round, people, said)
    after = told(survey_round, people, said | {first: said[second], second: said[first]})

    for name, pages in before.items():
        assert pages.keys() == after[name].keys()
        assert [path for path in pages if pages[path] != after[name][path]] == []
    assert sum(len(pages) for pages in before.values()) > 30
    assert "Longer on the floor" in str(before["coordinator"])
    one = {"coordinator": people["coordinator"]}
    another = told(survey_round, one, said | {first: said[first] | {"change": "Something else"}})
    assert another["coordinator"] != before["coordinator"]  # the comparison would see it
