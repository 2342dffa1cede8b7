"""The least a Django page can do: fifty joined rows, one row, one insert. What the program's pages are measured against."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from issues.models import Issue, IssueUpdate

# Four, so that PostgreSQL need not think: its search for the best order of seven tables takes longer than this page
JOINED = ("category", "site", "season", "owning_unit")


def rows(request: HttpRequest) -> HttpResponse:
    """Fifty rows of eight cells, in the order of an index, from one query."""
    issues = Issue.objects.select_related(*JOINED).order_by("first_due", "number")[:50]
    return render(request, "list.html", {"issues": issues})


def one(request: HttpRequest, number: int) -> HttpResponse:
    """One row with what it points to."""
    return render(request, "one.html", {"issue": get_object_or_404(Issue.objects.select_related(*JOINED), pk=number)})


def insert(request: HttpRequest, number: int) -> HttpResponse:
    """One row from a form that CSRF protects."""
    IssueUpdate.objects.create(issue_id=number, by=request.user, at=timezone.now(), text=request.POST["text"])
    return redirect("floor_one", number)
