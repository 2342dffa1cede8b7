"""Keys: text compared without regard to case, width or surrounding space.

SQLite's ``lower()`` knows ASCII only, so the folded form is stored beside the original under a plain unique constraint.
"""

import unicodedata
from typing import Any

from django.db import models


def fold(text: str | None) -> str | None:
    """NFKC-casefolded ``text`` with runs of space made one and trimmed; None when nothing is left."""
    folded = " ".join(unicodedata.normalize("NFKC", text or "").casefold().split())
    return unicodedata.normalize("NFKC", folded) or None


class KeyField(models.CharField):
    """The folded form of another field, filled on every save and bulk_create (not on update())."""

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        self.of = of
        kwargs.setdefault("max_length", 320)
        kwargs |= {"null": kwargs.get("null", True), "editable": False}
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str | None:
        key = fold(getattr(model_instance, self.of))
        setattr(model_instance, self.attname, key)
        return key
