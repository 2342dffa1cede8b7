"""The questionnaires a season can open. Whoever has some registers them from its ``AppConfig.ready()``."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

_offered: dict[str, Offered] = {}


@dataclass(frozen=True)
class Offered:
    """A questionnaire by its short name; ``description`` says whom it asks and when, in a sentence."""

    slug: str
    name: str | Promise
    description: str | Promise


def register(*, slug: str, name: str | Promise, description: str | Promise) -> None:
    """Offer a questionnaire to seasons. Registering one again replaces its words."""
    _offered[slug] = Offered(slug, name, description)


def offered() -> list[Offered]:
    """All of them, by short name."""
    return [_offered[slug] for slug in sorted(_offered)]
