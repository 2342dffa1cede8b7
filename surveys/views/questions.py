"""Questions and sections of a draft: write, move, remove. Every page works without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from people.errors import NotAllowed, Refused
from people.requests import PersonRequest
from surveys.models import QuestionnaireVersion
from surveys.questionnaires import editing
from surveys.questionnaires.definition import Definition, definition_of, find, normal
from surveys.questionnaires.forms.questions import QuestionForm
from surveys.questionnaires.forms.words import SectionForm
from surveys.questionnaires.refusals import EditedMeanwhile, NotWellFormed
from surveys.questionnaires.words import first_words, question_words
from surveys.views.questionnaire_verbs import revision_of
from surveys.views.questionnaires import fetch, fetch_draft, get_or_post, page


@get_or_post
def question_new(request: PersonRequest, pk: int) -> HttpResponse:
    """A new question at the end of its section."""
    return _question(request, fetch_draft(request, pk), "")


@get_or_post
def question(request: PersonRequest, pk: int, key: str) -> HttpResponse:
    """One question of a draft."""
    return _question(request, fetch_draft(request, pk), key)


def _question(request: PersonRequest, version: QuestionnaireVersion, key: str) -> HttpResponse:
    definition = normal(definition_of(version))
    if key and not find(definition, key):
        raise Http404
    section = request.GET.get("section", "")
    form = QuestionForm(
        request.POST or None, initial={"revision": version.revision}, definition=definition, key=key, section=section
    )
    press = request.POST.get("go", "")
    if press.startswith("option-"):
        form.rearrange(press)
        return _question_page(request, version, form, 200)
    if not (form.is_bound and form.is_valid()):
        return _question_page(request, version, form, 422 if form.is_bound else 200)
    return _save_question(request, version, form, again=press == "again")


def _save_question(
    request: PersonRequest, version: QuestionnaireVersion, form: QuestionForm, *, again: bool
) -> HttpResponse:
    act: dict[str, Any] = {"version_id": version.pk, "revision": form.read, "question": form.question()}
    act |= {"by": request.user, "now": timezone.now()}
    try:
        if form.key:
            editing.edit_question(key=form.key, **act)
        else:
            editing.add_question(**act)
    except NotWellFormed as refusal:
        form.add_problems(refusal.problems, refusal.keys)
        return _question_page(request, version, form, refusal.status)
    except EditedMeanwhile as conflict:
        form.take_over(conflict)
        return _question_page(request, version, form, conflict.status, conflict=conflict)
    return redirect("surveys:question_new" if again else "surveys:questionnaire", version.pk)


def _question_page(
    request: PersonRequest, version: QuestionnaireVersion, form: QuestionForm, status: int, **more: Any
) -> HttpResponse:
    number = [each["key"] for each in form.definition["questions"]].index(form.key) + 1 if form.key else 0
    context = {"version": version, "form": form, "number": number} | more
    return render(request, "surveys/questionnaire_question.html", context, status=status)


@require_POST
def question_move(request: PersonRequest, pk: int, key: str) -> HttpResponse:
    """One place ``up`` or ``down``, or into ``section`` before the question ``before`` (empty: at its end)."""
    to, act = request.POST.get("to", ""), _act(request, pk, key)
    if to in ("up", "down"):
        return _do(request, pk, lambda: editing.step_question(**act, down=to == "down"))
    section, before = request.POST.get("section", ""), request.POST.get("before") or None
    return _do(request, pk, lambda: editing.move_question(**act, section=section, before=before))


@get_or_post
def question_remove(request: PersonRequest, pk: int, key: str) -> HttpResponse:
    """Ask whether a question is to go, and take it out."""
    version = fetch_draft(request, pk)
    definition = normal(definition_of(version))
    found = find(definition, key)
    if found is None:
        raise Http404
    if request.method == "POST":
        return _do(request, pk, lambda: editing.remove_question(**_act(request, pk, key)))
    name = question_words(found, definition["languages"])
    about = _("Its words in every language go with it. Published versions keep theirs.")
    context = {"version": version, "name": name, "about": about}
    return render(request, "surveys/questionnaire_remove.html", context)


@get_or_post
def section_new(request: PersonRequest, pk: int) -> HttpResponse:
    """A new section at the end."""
    return _section(request, fetch_draft(request, pk), "")


@get_or_post
def section(request: PersonRequest, pk: int, key: str) -> HttpResponse:
    """The title of a section."""
    return _section(request, fetch_draft(request, pk), key)


def _section(request: PersonRequest, version: QuestionnaireVersion, key: str) -> HttpResponse:
    definition = normal(definition_of(version))
    texts = _titles(definition, key) if key else {}
    initial = {"revision": version.revision}
    form = SectionForm(request.POST or None, initial=initial, languages=definition["languages"], texts=texts)
    context = {"version": version, "form": form, "key": key, "conflict": None}
    if not (form.is_bound and form.is_valid()):
        status = 422 if form.is_bound else 200
        return render(request, "surveys/questionnaire_section.html", context, status=status)
    try:
        _save_section(request, version, form, key)
    except EditedMeanwhile as conflict:
        form.take_over(conflict)
        return render(request, "surveys/questionnaire_section.html", context | {"conflict": conflict}, status=409)
    return redirect("surveys:questionnaire", version.pk)


def _save_section(request: PersonRequest, version: QuestionnaireVersion, form: SectionForm, key: str) -> None:
    act: dict[str, Any] = {"version_id": version.pk, "revision": form.read, "texts": form.texts()}
    act |= {"by": request.user, "now": timezone.now()}
    if key:
        editing.edit_section(key=key, **act)
    else:
        editing.add_section(**act)


def _titles(definition: Definition, key: str) -> dict[str, str]:
    for each in definition["sections"]:
        if each["key"] == key:
            return dict(each["texts"])
    raise Http404


@require_POST
def section_move(request: PersonRequest, pk: int, key: str) -> HttpResponse:
    """One place ``up`` or ``down``, with all its questions."""
    down = request.POST.get("to") == "down"
    return _do(request, pk, lambda: editing.step_section(**_act(request, pk, key), down=down))


@get_or_post
def section_remove(request: PersonRequest, pk: int, key: str) -> HttpResponse:
    """Ask whether a section is to go, and take it away; its questions stay."""
    version = fetch_draft(request, pk)
    definition = normal(definition_of(version))
    name = first_words(_titles(definition, key), definition["languages"]) or key
    if request.method == "POST":
        return _do(request, pk, lambda: editing.remove_section(**_act(request, pk, key)))
    context = {"version": version, "name": name, "about": _("Its questions stay: they join the section before it.")}
    return render(request, "surveys/questionnaire_remove.html", context)


def _act(request: PersonRequest, pk: int, key: str) -> dict[str, Any]:
    return {
        "version_id": pk,
        "revision": revision_of(request),
        "key": key,
        "by": request.user,
        "now": timezone.now(),
    }


def _do(request: PersonRequest, pk: int, act: Callable[[], object]) -> HttpResponse:
    """Do it and show the draft as it is then; a refusal stands above it, and nothing was changed."""
    version = fetch_draft(request, pk)
    try:
        act()
    except NotAllowed:
        raise
    except Refused as refusal:
        return page(request, fetch(request, pk), refusal=refusal, status=refusal.status)
    if request.htmx:
        return page(request, fetch(request, pk))
    return redirect("surveys:questionnaire", version.pk)
