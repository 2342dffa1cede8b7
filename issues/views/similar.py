"""What is like the issue somebody is about to take away, while they type."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from issues.similar import similar as look
from people.requests import PersonRequest


@require_safe
def similar(request: PersonRequest) -> HttpResponse:
    """A part of the take-away form: earlier issues like the title typed so far, and what became of them."""
    chosen = number(request.GET.get("earlier", ""))
    found = look(request.user, request.GET.get("title", ""), chosen=chosen)
    return render(request, "issues/_similar.html", {"found": found, "chosen": chosen, "asked": True})


def number(text: str) -> int | None:
    """An issue's number out of a form, None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
