"""The floor's settings: the program's own (server, database, middleware, session), with other addresses and templates."""

from pathlib import Path

from floorprogram.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.floor.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
