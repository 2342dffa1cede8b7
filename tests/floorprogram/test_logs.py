"""Secrets stay out of logs."""

import logging

import pytest

from floorprogram.logs import HideSecrets, hide_secrets


@pytest.mark.parametrize(
    ("line", "logged"),
    [
        ("Not Found: /act/s3cret/", "Not Found: /act/…/"),
        ("POST /leave/s3cret/ 200", "POST /leave/…/ 200"),
        ("GET /surveys/answer/s3cret/?answer=1", "GET /surveys/answer/…/?answer=1"),
        ("GET /calendar/s3cret.ics 200", "GET /calendar/… 200"),
        ("/accounts/password/reset/1-abc-def/", "/accounts/password/reset/…/"),
        ("GET /issues/214/ 200", "GET /issues/214/ 200"),
    ],
)
def test_the_secret_part_of_an_address_becomes_dots(line, logged):
    assert hide_secrets(line) == logged


def test_a_record_loses_the_secret_in_its_arguments():
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "%s: %s", ("Gone", "/act/s3cret/"), None)

    assert HideSecrets().filter(record)

    assert record.getMessage() == "Gone: /act/…/"
