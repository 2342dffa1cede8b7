"""Every form says in the program's words what to do about a field, whatever kind of field it is."""

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.validators import MaxLengthValidator

from people.models import Site

CHOICES = [("a", "A")]


def refused(field, value):
    with pytest.raises(ValidationError) as refusal:
        field.clean(value)
    return " ".join(refusal.value.messages)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        (forms.CharField(), "", "Fill this in."),
        (forms.IntegerField(), "x", "Write a whole number, like 3."),
        (forms.FloatField(), "x", "Write a number, like 1.5."),
        (forms.FloatField(), "", "Fill this in."),
        (forms.DateField(), "31.2.2027", "Write a day that exists, like 2027-03-04."),
        (forms.TimeField(), "25:00", "Write a time of day, like 09:30."),
        (forms.ChoiceField(choices=CHOICES), "b", "“b” is not one of the choices. Choose again."),
        (forms.MultipleChoiceField(choices=CHOICES), ["b"], "“b” is not one of the choices. Choose again."),
        (forms.MultipleChoiceField(choices=CHOICES), "b", "Choose from the list."),
        (forms.IntegerField(min_value=2), "1", "Write 2 or more."),
        (forms.IntegerField(max_value=2), "3", "Write 2 or less."),
        (forms.CharField(max_length=1), "abc", "Shorten this to 1 character: it has 3."),
        (forms.CharField(max_length=2), "abc", "Shorten this to 2 characters: it has 3."),
        (forms.CharField(min_length=5), "abc", "This needs 5 characters at least: it has 3."),
        (forms.CharField(), "a\0", "This holds a character that cannot be kept. Take it out."),
        (forms.EmailField(), "anna@", "Write an e-mail address, like anna@floor.example."),
        (forms.URLField(assume_scheme="https"), "htt p", "Write a whole address, like https://floor.example."),
        (forms.SlugField(), "a b", "Use letters without accents, digits, hyphens and underscores only."),
        (forms.UUIDField(), "x", "This cannot be read. Load the page anew."),
        (forms.FileField(), SimpleUploadedFile("a.csv", b""), "This file is empty. Choose another."),
        (forms.FileField(), "a.csv", "No file arrived. Choose it once more."),
    ],
)
def test_what_is_filled_in_wrongly_is_answered_with_what_to_do(field, value, words):
    assert refused(field, value) == words


@pytest.mark.django_db
def test_what_is_gone_meanwhile_is_said_to_be_gone():
    assert refused(forms.ModelChoiceField(Site.objects.none()), "9") == (
        "This is not there to choose any more. Choose again."
    )


def test_a_field_with_words_of_its_own_keeps_them():
    field = forms.IntegerField(error_messages={"invalid": "How many?"})

    assert refused(field, "x") == "How many?"
    assert MaxLengthValidator(3, "Too long.").message == "Too long."
