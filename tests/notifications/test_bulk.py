"""Many rows in one statement: what is in a cell arrives as it is, and what is known stays."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from notifications import bulk
from notifications.bulk import insert_missing, insert_new
from notifications.models import Message, Notice
from notifications.sweep import NOTICE
from tests.factories import NINE, UserFactory

pytestmark = pytest.mark.django_db
ODD = ["NULL", "null", "", "{}", 'a "b", c', "back\\slash", "new\nline", "Zürich 🎈", "%s", "'"]
ODD += ["None", "a tab\there", "\r", "\\N", "\\.", "%%"]
WAYS = pytest.mark.parametrize("insert", [insert_missing, insert_new])


def rows_of(message, subjects, day=None):
    who = message.recipient_id
    return [(who, "test", subject, date(2027, 3, 1), -3, None, None, day, str(message.pk)) for subject in subjects]


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch):
    monkeypatch.setattr(bulk, "MANY", 1)


@pytest.fixture
def message():
    return Message.objects.create(recipient=UserFactory(), created_at=NINE, due_at=NINE)


@WAYS
@pytest.mark.parametrize("day", [None, date(2027, 3, 2)])
def test_every_text_arrives_as_it_is(message, day, insert):
    insert(Notice, NOTICE, rows_of(message, ODD, day), dropped=False, created_at=NINE)

    notices = Notice.objects.order_by("pk")
    assert [notice.subject for notice in notices] == ODD
    first = notices[0]
    assert (first.step, first.anchor, first.not_after, first.site_id) == (-3, date(2027, 3, 1), day, None)
    assert (first.message_id, first.recipient_id) == (message.pk, message.recipient_id)


@WAYS
@pytest.mark.parametrize("odd", ODD)
def test_every_text_arrives_by_itself_as_it_is(message, odd, insert):
    insert(Notice, NOTICE, rows_of(message, ["issue:1", odd]), dropped=False, created_at=NINE)

    assert list(Notice.objects.order_by("pk").values_list("subject", flat=True)) == ["issue:1", odd]


@WAYS
@pytest.mark.parametrize("odd", ODD)
def test_what_all_rows_share_arrives_as_it_is(message, odd, insert):
    names, day = ("recipient_id", "subject", "anchor", "message_id"), date(2027, 3, 1)
    rows = [(message.recipient_id, subject, day, str(message.pk)) for subject in ("issue:1", "issue:2")]
    insert(Notice, names, rows, kind=odd, step=0, not_after=None, dropped=False, created_at=NINE)

    assert set(Notice.objects.values_list("subject", "kind", "not_after")) == {
        ("issue:1", odd, None),
        ("issue:2", odd, None),
    }


@WAYS
def test_what_is_known_is_left_out(message, insert):
    for _twice in range(2):
        insert(Notice, NOTICE, rows_of(message, ODD), dropped=False, created_at=NINE)

    assert Notice.objects.count() == len(ODD)


def test_one_that_is_known_among_new_ones_keeps_none_of_them_out(message):
    insert_new(Notice, NOTICE, rows_of(message, ["issue:2"]), dropped=False, created_at=NINE)

    again = insert_new(
        Notice, NOTICE, rows_of(message, ["issue:1", "issue:2", "issue:3"]), dropped=False, created_at=NINE
    )

    assert again in (2, None)  # SQLite does not say
    assert sorted(Notice.objects.values_list("subject", flat=True)) == ["issue:1", "issue:2", "issue:3"]


@pytest.mark.postgres_only
def test_what_breaks_another_rule_is_said(message):
    rows = [(message.recipient_id, "test", None, date(2027, 3, 1), 0, None, None, None, str(message.pk))]

    with pytest.raises(IntegrityError), transaction.atomic():
        insert_new(Notice, NOTICE, rows, dropped=False, created_at=NINE)


@pytest.mark.postgres_only
def test_what_needs_no_escape_goes_by_copy(message, monkeypatch):
    monkeypatch.setattr(bulk, "insert_missing", None)

    assert insert_new(Notice, NOTICE, rows_of(message, ["", "'", "%s"]), dropped=False, created_at=NINE) == 3


@WAYS
def test_nothing_is_nothing(django_assert_num_queries, insert):
    with django_assert_num_queries(0):
        assert insert(Notice, NOTICE, [], dropped=False, created_at=NINE) == 0
