"""Many rows in one statement: what is in a cell arrives as it is, and what is known stays."""

from __future__ import annotations

from datetime import date

import pytest

from notifications.bulk import insert_missing
from notifications.models import Message, Notice
from notifications.sweep import NOTICE
from tests.factories import NINE, UserFactory

pytestmark = pytest.mark.django_db
ODD = ["NULL", "null", "", "{}", 'a "b", c', "back\\slash", "new\nline", "Zürich 🎈", "%s", "'"]


def rows_of(message, subjects, day=None):
    who = message.recipient_id
    return [(who, "test", subject, date(2027, 3, 1), -3, None, None, day, str(message.pk)) for subject in subjects]


@pytest.fixture
def message():
    return Message.objects.create(recipient=UserFactory(), created_at=NINE, due_at=NINE)


@pytest.mark.parametrize("day", [None, date(2027, 3, 2)])
def test_every_text_arrives_as_it_is(message, day):
    insert_missing(Notice, NOTICE, rows_of(message, ODD, day), dropped=False, created_at=NINE)

    notices = Notice.objects.order_by("pk")
    assert [notice.subject for notice in notices] == ODD
    first = notices[0]
    assert (first.step, first.anchor, first.not_after, first.site_id) == (-3, date(2027, 3, 1), day, None)
    assert (first.message_id, first.recipient_id) == (message.pk, message.recipient_id)


def test_what_is_known_is_left_out(message):
    for _twice in range(2):
        insert_missing(Notice, NOTICE, rows_of(message, ODD), dropped=False, created_at=NINE)

    assert Notice.objects.count() == len(ODD)


def test_nothing_is_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert insert_missing(Notice, NOTICE, [], dropped=False, created_at=NINE) == 0
