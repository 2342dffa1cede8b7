"""The regroup of a visit day: its page, its groups for the big screen, and one address per verb. A refusal comes back on
the page with its reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from people import exports
from people.errors import Conflict, NotAllowed, Refused
from people.models import Site
from people.requests import PersonRequest
from shadowing.models import FloorNote, RegroupGroup
from shadowing.regroup import actions, board, export, gone, settling
from shadowing.regroup.forms import NEW, JoinForm, MakeForm, NameForm, PutForm, VersionForm, require_shape

Act = Callable[[dict[str, Any], datetime], RegroupGroup | None]


def opened(request: PersonRequest, site: str, day: date) -> board.Board:
    """The day's regroup, when this person takes part in it; 404 otherwise."""
    found = board.open_day(get_object_or_404(Site, slug=site), day, request.user)
    if found is None:
        raise Http404
    return found


@require_GET
def regroup(request: PersonRequest, site: str, day: date) -> HttpResponse:
    """Notes by team, groups, and what became of them."""
    found = board.read(opened(request, site, day))
    return render(request, "shadowing/regroup.html", {"board": found})


@require_GET
def regroup_news(request: PersonRequest, site: str, day: date) -> HttpResponse:
    """Whether the page that asks is still as it is: 204, else a line that leads to the newest."""
    found = opened(request, site, day)
    if board.revision(found) == request.GET.get("seen"):
        return HttpResponse(status=204)
    return render(request, "shadowing/_regroup_news.html", {"board": found, "changed": True})


@require_GET
def regroup_screen(request: PersonRequest, site: str, day: date) -> HttpResponse:
    """The groups for the screen in the room. It asks again by itself, and gets 204 while nothing has changed."""
    found = opened(request, site, day)
    if request.htmx and board.revision(found) == request.GET.get("seen"):
        return HttpResponse(status=204)
    template = "shadowing/_regroup_screen.html" if request.htmx else "shadowing/regroup_screen.html"
    return render(request, template, {"board": board.read(found), "now": timezone.now()})


@require_GET
def regroup_csv(request: PersonRequest, site: str, day: date) -> HttpResponseBase:
    """The groups of the page as a file, for the site's coordinators."""
    found = opened(request, site, day)
    if not found.coordinates:
        raise Http404
    lines = exports.csv_lines(export.COLUMNS, export.rows(board.read(found)))
    attached = {"Content-Disposition": f'attachment; filename="regroup-{site}-{day}.csv"'}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=attached)


@require_POST
def regroup_make(request: PersonRequest, site: str, day: date) -> HttpResponse:
    found, by = opened(request, site, day), request.user

    def act(data: dict[str, Any], now: datetime) -> RegroupGroup:
        return actions.make_group(site=found.site, day=day, name=data["name"], by=by, now=now)

    return answer(request, found, MakeForm(request.POST), act)


@require_POST
def regroup_put(request: PersonRequest, site: str, day: date) -> HttpResponse:
    """A note goes into a group, out of it, or into a new one named after it."""
    found, by = opened(request, site, day), request.user

    def act(data: dict[str, Any], now: datetime) -> RegroupGroup | None:
        notes = FloorNote.objects.visible_to(by).select_related("visit__site")
        note = get_object_or_404(notes, pk=data["note"], visit__site=found.site, visit__date=day)
        if data["group"] == NEW:
            name = note.text[: actions.LONGEST]
            about = {"name": name, "note": note, "was": data["was"]}
            return actions.make_group(site=found.site, day=day, by=by, now=now, **about)
        group = RegroupGroup(pk=int(data["group"])) if data["group"] else None
        return actions.put_note(note=note, group=group, was=data["was"], by=by, now=now)

    return answer(request, found, PutForm(request.POST), act)


def on_group(
    request: PersonRequest, site: str, day: date, group: int, form: type[forms.Form], action: Callable[..., Any]
) -> HttpResponse:
    """A verb on one group of the day; 404 where there never was such a group."""
    found, by = opened(request, site, day), request.user
    row = RegroupGroup.objects.visible_to(by).select_related("day__site").filter(day=found.page, pk=group).first()
    if row is None and not gone.first_gone(found.page, [group]):
        raise Http404

    def act(data: dict[str, Any], now: datetime) -> RegroupGroup | None:
        if row is None:
            raise actions.gone()
        into = {"into": RegroupGroup(pk=data.pop("into") or 0)} if "into" in data else {}
        done: RegroupGroup | None = action(group=row, by=by, now=now, **data, **into)
        return done

    return answer(request, found, form(request.POST), act, about=group)


def _verb(form: type[forms.Form], action: Callable[..., Any], words: str) -> Callable[..., HttpResponse]:
    """The view of a verb: one address each, so that each has its line in the policy."""

    def view(request: PersonRequest, site: str, day: date, group: int) -> HttpResponse:
        return on_group(request, site, day, group, form, action)

    view.__name__, view.__doc__ = action.__name__, words
    return require_POST(view)


regroup_rename = _verb(NameForm, actions.rename_group, "Another name.")
regroup_join = _verb(JoinForm, actions.merge_groups, "All its notes go into another group.")
regroup_up = _verb(VersionForm, actions.move_up, "One place earlier.")
regroup_remove = _verb(VersionForm, actions.remove_group, "The group is gone, its notes are in none.")
regroup_discuss = _verb(VersionForm, settling.discuss, "Discussed, no issue.")
regroup_carry = _verb(VersionForm, settling.carry, "To the next visit day.")
regroup_reopen = _verb(VersionForm, settling.reopen, "To be discussed again.")


def answer(
    request: PersonRequest, found: board.Board, form: forms.Form, act: Act, about: int | None = None
) -> HttpResponse:
    """Act, and show the board as it is now: to scripts the part that changed, to others the page again."""
    error, status, changed = "", 200, None
    try:
        require_shape(form)
        changed = act(form.cleaned_data, timezone.now())
    except NotAllowed:
        raise
    except Refused as refusal:
        error, status = str(refusal), refusal.status
    if status == 200 and not request.htmx:
        return redirect(address(found, changed))
    context: dict[str, Any] = {"board": board.read(opened(request, found.site.slug, found.day)), "changed": changed}
    if error:
        context |= refused(context["board"], form, about) | {"error": error}
        status = Conflict.status if context["gone"] else status
    template = "shadowing/_regroup.html" if request.htmx else "shadowing/regroup.html"
    return render(request, template, context, status=status)


def refused(found: board.Board, form: forms.Form, about: int | None) -> dict[str, Any]:
    """What stands above the board after a refusal, with what was typed where it was typed: in the group it is ``about``,
    in the one that was joined with, or in the new one's. Without a field it is shown to be copied."""
    lost = gone.first_gone(found.page, [about, form.data.get("into"), form.data.get("group")])
    typed = form.data.get("name", "")
    if lost is None or lost.pk != about:
        return {"gone": lost, "typed": typed, "about": about}
    into = lost.into.pk if lost.into else None
    return {"gone": lost, "typed": typed, "about": into or about, "homeless": "" if into else typed}


def address(found: board.Board, group: RegroupGroup | None) -> str:
    """The page, at the group that was changed."""
    page = reverse("shadowing:regroup", args=[found.site.slug, found.day])
    return f"{page}#group-{group.pk}" if group and group.pk else page
