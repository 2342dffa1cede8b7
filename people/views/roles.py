"""Who may do what: roles given and taken by admins."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from people.actions import grant_role, revoke_role
from people.errors import Refused
from people.forms import GrantForm
from people.models import RoleGrant
from people.requests import PersonRequest


@require_safe
def roles(request: PersonRequest) -> HttpResponse:
    """Everybody with a role, and the form that gives one."""
    return _page(request, GrantForm())


@require_POST
def grant(request: PersonRequest) -> HttpResponse:
    """Give a role, or change its sites."""
    form = GrantForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        ids = [site.pk for site in said["sites"]]
        try:
            grant_role(user_id=said["person"].pk, role=said["role"], site_ids=ids, by=request.user, now=timezone.now())
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("%(name)s has the role now.") % {"name": said["person"].name})
            return redirect("people:roles")
    return _page(request, form, status=422)


@require_POST
def revoke(request: PersonRequest, pk: int) -> HttpResponse:
    """Take a role."""
    get_object_or_404(RoleGrant, pk=pk)
    taken = revoke_role(grant_id=pk, by=request.user, now=timezone.now())
    messages.success(request, _("%(name)s has the role no longer.") % {"name": taken.user.name})
    return redirect("people:roles")


def _page(request: PersonRequest, form: GrantForm, status: int = 200) -> HttpResponse:
    grants = RoleGrant.objects.select_related("user").prefetch_related("sites")
    context = {"form": form, "grants": grants.order_by("role", "user__name_key", "pk")}
    return render(request, "people/roles.html", context, status=status)
