"""A person's own views of the issue list."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from issues import saved
from issues.filters import Filters
from issues.forms import ViewForm
from issues.models import SavedView
from issues.views.verbs import READY, attempt
from people.requests import PersonRequest


@require_http_methods(["GET", "POST"])
def save(request: PersonRequest) -> HttpResponse:
    """Keep the filters in the address under a name."""
    filters, status = Filters.read(request.GET), READY
    form = ViewForm(request.POST or None)
    if request.method == "POST":
        query = filters.query
        status = attempt(form, lambda: saved.save_view(query=query, by=request.user, **form.cleaned_data))
        if status == READY:
            messages.success(request, _("Saved. It stands above the list now"))
            return redirect(filters.address() if query else f"{filters.address()}?all=yes")
    return render(request, "issues/view_save.html", {"form": form, "filters": filters}, status=status)


@require_safe
def views(request: PersonRequest) -> HttpResponse:
    """All of them, to be renamed, deleted, or made the one the list opens with."""
    return _page(request)


def _page(request: PersonRequest, form: ViewForm | None = None, about: int = 0, status: int = READY) -> HttpResponse:
    rows = request.user.issue_views.order_by("position", "pk")
    context = {"views": rows, "form": form, "about": about}
    return render(request, "issues/views.html", context, status=status)


def _view(request: PersonRequest, pk: int) -> SavedView:
    return get_object_or_404(request.user.issue_views, pk=pk)


@require_POST
def rename(request: PersonRequest, pk: int) -> HttpResponse:
    """Call it something else."""
    view, form = _view(request, pk), ViewForm(request.POST)
    status = attempt(form, lambda: saved.rename_view(view=view, name=form.cleaned_data["name"], by=request.user))
    if status != READY:
        return _page(request, form, pk, status)
    messages.success(request, _("Renamed"))
    return redirect("issues:views")


@require_POST
def default(request: PersonRequest, pk: int) -> HttpResponse:
    """The list opens with it; with ``off`` no longer."""
    on = "off" not in request.POST
    saved.make_default(view=_view(request, pk), by=request.user, on=on)
    messages.success(request, _("The list opens with it now") if on else _("The list opens with all issues again"))
    return redirect("issues:views")


@require_POST
def delete(request: PersonRequest, pk: int) -> HttpResponse:
    """Gone for good."""
    saved.delete_view(view=_view(request, pk), by=request.user)
    messages.success(request, _("Deleted. The issues are untouched"))
    return redirect("issues:views")
