"""The roster import on screen: file, columns, dry run, import."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people.errors import Refused
from people.forms import ColumnsForm, UploadForm
from people.models import RosterImport, RosterUpload, User
from people.paging import page_of
from people.requests import PersonRequest
from people.roster import uploads
from people.roster.reading import Table

SAMPLES = 3


@require_http_methods(["GET", "POST"])
def import_file(request: PersonRequest) -> HttpResponse:
    """Step 1: the file."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            upload = uploads.take_upload(
                file=said["file"], kind=said["kind"], header=not said["no_header"], by=request.user, now=timezone.now()
            )
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("people:import_columns", upload.pk)
    waiting = RosterUpload.objects.visible_to(request.user).order_by("-uploaded_at", "pk")[:5]
    context = {"form": form, "steps": _steps(1), "waiting": waiting}
    return render(request, "people/import_file.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def import_columns(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Step 2: which column holds what."""
    upload = _upload(request, pk)
    table = uploads.table_of(upload)
    options = None if request.method == "POST" else uploads.remembered(upload, table)
    form = ColumnsForm(request.POST or None, table=table, kind=upload.kind, options=options)
    if request.method == "POST" and form.is_valid():
        try:
            uploads.choose_columns(upload_id=pk, options=form.options(), by=request.user, today=timezone.localdate())
        except Refused as refusal:
            form.add_error(_field_of(form, refusal), str(refusal))
        else:
            return redirect("people:import_dry_run", pk)
    context = {"form": form, "upload": upload, "table": table, "samples": _samples(table), "steps": _steps(2, pk)}
    return render(request, "people/import_columns.html", context, status=422 if form.errors else 200)


@require_safe
def import_dry_run(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Step 3: what each line would do; the counts filter the lines."""
    upload = _upload(request, pk)
    if upload.verdict is None:
        return redirect("people:import_columns", pk)
    shown = request.GET.get("show", "")
    rows = [row for row in upload.verdict["rows"] if row[1] == shown or (not shown and row[1] != "leaver")]
    context = {
        "upload": upload,
        "steps": _steps(3, pk),
        "figures": _figures(upload.verdict["counts"], shown),
        "shown": shown,
        "page": page_of([dict(zip(COLUMNS, row, strict=True)) for row in rows], request.GET.get("page")),
    }
    return render(request, "people/import_dry_run.html", context)


@require_POST
def import_run(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Step 4: import everything but the rejected lines. A refusal becomes a page of its own."""
    _upload(request, pk)
    done = uploads.finish_upload(upload_id=pk, by=request.user, now=timezone.now())
    return redirect("people:import_done", done.pk)


@require_POST
def import_cancel(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Forget the file."""
    _upload(request, pk)
    uploads.drop_upload(upload_id=pk, by=request.user)
    messages.success(request, _("The file is forgotten. Nothing was changed."))
    return redirect("people:import_file")


@require_safe
def import_done(request: PersonRequest, pk: int) -> HttpResponse:
    """What an import did, and who is missing from its file."""
    done = get_object_or_404(RosterImport.objects.visible_to(request.user), pk=pk)
    left = User.objects.visible_to(request.user).filter(pk__in=done.counts.get("left", ())[:500])
    context = {"done": done, "left": left.order_by("name_key", "pk"), "steps": _steps(5), "counts": done.counts}
    return render(request, "people/import_done.html", context)


COLUMNS = ("line", "verdict", "name", "key", "column", "words")


def _upload(request: PersonRequest, pk: UUID) -> RosterUpload:
    return get_object_or_404(RosterUpload.objects.visible_to(request.user), pk=pk)


def _field_of(form: ColumnsForm, refusal: Refused) -> str | None:
    """The field a refusal is about, if this form has it."""
    name = {"match": "by_name", "site": "site_for_all"}.get(refusal.field or "", refusal.field)
    return name if name in form.fields else None


def _samples(table: Table) -> list[dict[str, Any]]:
    """Each column with its first few values; sensitive ones say that they are never read."""
    rows = [row.cells for row, _number in zip(table.rows(), range(SAMPLES), strict=False)]
    places = range(len(table.header) or table.width)
    return [
        {
            "label": table.label(index),
            "sealed": index in table.sealed,
            "values": [row[index][:40] for row in rows if index < len(row) and row[index]],
        }
        for index in places
    ]


def _figures(counts: dict[str, int], shown: str) -> list[dict[str, Any]]:
    words = {"add": _("Added"), "change": _("Changed"), "leave": _("As they are"), "reject": _("Rejected")}
    more = {"warning": (_("Remarks"), counts["warnings"]), "leaver": (_("Missing from the file"), counts["leavers"])}
    entries = [(name, word, counts[name]) for name, word in words.items()] + [(n, w, c) for n, (w, c) in more.items()]
    return [
        {"name": word, "number": number, "kind": name, "chosen": name == shown, "url": f"?show={name}"}
        for name, word, number in entries
    ]


def _steps(now: int, pk: UUID | None = None) -> list[dict[str, str]]:
    """The stepper: what is done, what is now, what is next."""
    names = [_("File"), _("Columns"), _("Dry run"), _("Import")]
    urls = {2: reverse("people:import_columns", args=[pk])} if pk else {}
    states = ["done" if number < now else "now" if number == now else "next" for number in range(1, 5)]
    return [
        {"name": name, "state": state, "url": urls.get(number, "") if state == "done" else ""}
        for number, (name, state) in enumerate(zip(names, states, strict=True), 1)
    ]
