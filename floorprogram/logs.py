"""Nothing secret reaches a log: addresses that work without a sign-in lose their secret part."""

import logging
import re

SECRET_PATHS = re.compile(r"(/(?:act|leave|surveys/answer|calendar|wall|accounts/password/reset)/)[^/\s\"'?]+")


def hide_secrets(text: str) -> str:
    """``text`` with the secret part of one-click links, feeds, walls and password resets as dots."""
    return SECRET_PATHS.sub(r"\1…", text)


class HideSecrets(logging.Filter):
    """Rewrites the message and its text arguments, and drops the request they would be read from."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = hide_secrets(record.getMessage()), ()
        return True
