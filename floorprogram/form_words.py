"""What forms say of what was filled in wrongly: in the program's voice, which says what to do, for every form at once.

Django's own sentences say what is wrong. A form with more to say sets ``error_messages`` of its own.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.core import validators
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

ONE_OF = _("“%(value)s” is not one of the choices. Choose again.")
GONE = _("This is not there to choose any more. Choose again.")
SEVERAL = _("Choose from the list.")
FIELDS: dict[type[forms.Field], dict[str, Any]] = {
    forms.Field: {"required": _("Fill this in.")},
    forms.IntegerField: {"invalid": _("Write a whole number, like 3.")},
    forms.FloatField: {"invalid": _("Write a number, like 1.5.")},
    forms.DateField: {"invalid": _("Write a day that exists, like 2027-03-04.")},
    forms.TimeField: {"invalid": _("Write a time of day, like 09:30.")},
    forms.ChoiceField: {"invalid_choice": ONE_OF},
    forms.MultipleChoiceField: {"invalid_choice": ONE_OF, "invalid_list": SEVERAL},
    forms.ModelChoiceField: {"invalid_choice": GONE},
    forms.ModelMultipleChoiceField: {"invalid_choice": ONE_OF, "invalid_list": SEVERAL, "invalid_pk_value": ONE_OF},
    forms.FileField: {
        "invalid": _("No file arrived. Choose it once more."),
        "missing": _("No file arrived. Choose it once more."),
        "empty": _("This file is empty. Choose another."),
    },
    forms.URLField: {"invalid": _("Write a whole address, like https://floor.example.")},
    forms.UUIDField: {"invalid": _("This cannot be read. Load the page anew.")},
}
SHORTER = ngettext_lazy(
    "Shorten this to %(limit_value)d character: it has %(show_value)d.",
    "Shorten this to %(limit_value)d characters: it has %(show_value)d.",
    "limit_value",
)
LONGER = ngettext_lazy(
    "This needs %(limit_value)d character at least: it has %(show_value)d.",
    "This needs %(limit_value)d characters at least: it has %(show_value)d.",
    "limit_value",
)


def speak() -> None:
    """Give every field and limit of Django's forms these words."""
    for field, words in FIELDS.items():
        field.default_error_messages = {**field.__dict__.get("default_error_messages", {}), **words}
    validators.MinValueValidator.message = _("Write %(limit_value)s or more.")
    validators.MaxValueValidator.message = _("Write %(limit_value)s or less.")
    validators.MaxLengthValidator.message = SHORTER
    validators.MinLengthValidator.message = LONGER
    validators.EmailValidator.message = _("Write an e-mail address, like anna@floor.example.")
    validators.URLValidator.message = FIELDS[forms.URLField]["invalid"]
    validators.validate_slug.message = _("Use letters without accents, digits, hyphens and underscores only.")
    validators.ProhibitNullCharactersValidator.message = _("This holds a character that cannot be kept. Take it out.")
