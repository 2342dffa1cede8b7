"""Mail into files: one file a message, named after it, so that the outbox page can show it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage


class FileBackend(BaseEmailBackend):
    """Writes ``<Message-ID>.eml`` into EMAIL_FILE_PATH; a message sent again replaces its file, never half of one."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for email in email_messages:
            mail = email.message()
            path = file_of(str(mail["Message-ID"]))
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(".part")
            part.write_bytes(mail.as_bytes())
            part.replace(path)
        return len(email_messages)


def file_of(message_id: str) -> Path:
    """Where the mail with this Message-ID is written; the name holds nothing that could lead elsewhere."""
    name = re.sub(r"[^A-Za-z0-9._-]", "-", message_id.strip("<>").partition("@")[0]).lstrip(".")
    return Path(settings.EMAIL_FILE_PATH) / f"{name}.eml"
