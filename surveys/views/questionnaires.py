"""Questionnaires: the list, one version, new ones, files in and out, and the preview."""

from __future__ import annotations

import re

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people.errors import Refused
from people.paging import page_of
from people.requests import PersonRequest
from surveys.models import Questionnaire, QuestionnaireVersion
from surveys.questionnaires import editing, exchange, lifecycle, limits, rights
from surveys.questionnaires.builtin import BUILTIN, builtin_version
from surveys.questionnaires.definition import definition_of
from surveys.questionnaires.forms.words import ImportForm, NewForm, WordsForm
from surveys.questionnaires.newer import behind, take_newer
from surveys.questionnaires.pages import STATES, not_asked_yet, questionnaires_for, version_page
from surveys.questionnaires.preview import Preview
from surveys.questionnaires.refusals import EditedMeanwhile, Frozen, NotWellFormed

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def fetch(request: PersonRequest, pk: int) -> QuestionnaireVersion:
    """The version, where this person may see questionnaires at all."""
    rows = QuestionnaireVersion.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("questionnaire", "published_by", "created_by"), pk=pk)


def fetch_draft(request: PersonRequest, pk: int) -> QuestionnaireVersion:
    """The draft to change; 404 where it is not theirs to, 409 once it is published or retired."""
    version = fetch(request, pk)
    rights.require_change(request.user, version.questionnaire)
    if version.published_at:
        raise Frozen
    return version


@require_safe
def index(request: PersonRequest) -> HttpResponse:
    """All questionnaires, by state and name; built-in ones nobody was asked so far below."""
    state, q = request.GET.get("state", ""), request.GET.get("q", "").replace("\x00", "").strip()[:80]
    state = state if state in STATES else ""
    page = page_of(questionnaires_for(request.user, state=state, q=q), request.GET.get("page"))
    context = {
        "page": page,
        "behind": behind(row.newest_id for row in page.object_list if row.slug in BUILTIN),
        "states": [(value, word, value == state) for value, (word, _filter) in STATES.items()],
        "state": state,
        "q": q,
        "waiting": not_asked_yet() if state in ("", "builtin") and not q else [],
        "builtin": BUILTIN,
    }
    return render(request, "surveys/questionnaires.html", context)


@get_or_post
def create(request: PersonRequest) -> HttpResponse:
    """Name and languages of a new questionnaire; saving it makes the draft."""
    form = NewForm(request.POST or None, languages=["en"])
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        version = lifecycle.create(
            name=given["name"],
            description=given["description"],
            languages=form.languages(),
            by=request.user,
            now=timezone.now(),
        )
        return redirect("surveys:questionnaire", version.pk)
    return render(request, "surveys/questionnaire_new.html", {"form": form}, status=422 if form.is_bound else 200)


@get_or_post
def import_file(request: PersonRequest) -> HttpResponse:
    """A questionnaire from a JSON file: a draft, or a list of what is wrong with the file and where."""
    posted = request.method == "POST"
    form = ImportForm(request.POST, request.FILES) if posted else ImportForm()
    context = {"form": form, "most": limits.FILE // 1024, "refusal": None}
    if posted and form.is_valid():
        try:
            content = form.cleaned_data["file"].read(limits.FILE + 1)
            version = exchange.import_questionnaire(content=content, by=request.user, now=timezone.now())
        except NotWellFormed as refusal:
            context["refusal"] = refusal
        else:
            messages.success(request, _("Imported as a draft. Nobody is asked it before it is published."))
            return redirect("surveys:questionnaire", version.pk)
    return render(request, "surveys/questionnaire_import.html", context, status=422 if posted else 200)


@require_POST
def write_builtin(request: PersonRequest, slug: str) -> HttpResponse:
    """Open a built-in questionnaire that no round has needed so far, or take newer questions the program brought."""
    rights.require_write(request.user)
    if slug not in BUILTIN:
        raise Http404
    if "newer" in request.POST:
        get_object_or_404(Questionnaire, slug=slug)
        draft = take_newer(slug=slug, by=request.user, now=timezone.now())
        messages.success(request, _("A draft with the newer questions. Nobody is asked them before it is published."))
        return redirect("surveys:questionnaire", draft.pk)
    return redirect("surveys:questionnaire", builtin_version(slug, now=timezone.now()).pk)


@require_safe
def questionnaire(request: PersonRequest, pk: int) -> HttpResponse:
    """One version with its questions."""
    return page(request, fetch(request, pk))


def page(
    request: PersonRequest, version: QuestionnaireVersion, *, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    """The page of a version; only its questions where scripts asked for them."""
    context = version_page(version, request.user) | {"refusal": refusal}
    template = "surveys/_questionnaire_changed.html" if request.htmx else "surveys/questionnaire.html"
    return render(request, template, context, status=status)


@get_or_post
def words(request: PersonRequest, pk: int) -> HttpResponse:
    """Name, languages and opening words of a draft."""
    version = fetch_draft(request, pk)
    definition, found = definition_of(version), version.questionnaire
    initial = {"name": found.name, "description": found.description, "revision": version.revision}
    form = WordsForm(
        request.POST or None, initial=initial, languages=definition["languages"], intro=definition["intro"]
    )
    context = {"form": form, "version": version, "conflict": None}
    if not (form.is_bound and form.is_valid()):
        return render(request, "surveys/questionnaire_words.html", context, status=422 if form.is_bound else 200)
    try:
        _save_words(request, version, form)
    except EditedMeanwhile as conflict:
        form.take_over(conflict)
        return render(request, "surveys/questionnaire_words.html", context | {"conflict": conflict}, status=409)
    return redirect("surveys:questionnaire", version.pk)


def _save_words(request: PersonRequest, version: QuestionnaireVersion, form: WordsForm) -> None:
    editing.change_words(
        version_id=version.pk,
        revision=form.read,
        name=form.cleaned_data["name"],
        description=form.cleaned_data["description"],
        languages=form.languages(),
        intro=form.intro(),
        by=request.user,
        now=timezone.now(),
    )


@require_safe
def preview(request: PersonRequest, pk: int) -> HttpResponse:
    """The answer page as people get it, at the width of a phone; nothing can be sent from it."""
    shown = Preview(fetch(request, pk), asked=request.GET.get("lang"))
    with shown.spoken():
        return render(request, "surveys/questionnaire_preview.html", shown.context())


@require_safe
def export(request: PersonRequest, pk: int) -> HttpResponse:
    """The version as a JSON file."""
    version = fetch(request, pk)
    name = re.sub(r"[^a-z0-9-]", "", version.questionnaire.slug) or "questionnaire"
    response = HttpResponse(exchange.as_json(version), content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{version.number}.json"'
    return response
