"""Pages of webhooks, for admins."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from notifications.models import MessageState, Webhook, WebhookDelivery
from notifications.webhooks import actions, listing
from notifications.webhooks.forms import WebhookForm, filled
from people.errors import Conflict, Refused
from people.paging import page_of
from people.requests import PersonRequest


@require_GET
def index(request: PersonRequest) -> HttpResponse:
    """Every webhook."""
    return render(request, "notifications/webhooks/index.html", {"rows": listing.rows()})


@require_GET
def webhook(request: PersonRequest, webhook_id: int) -> HttpResponse:
    """One webhook and its log."""
    return _page(request, _found(webhook_id))


def _found(webhook_id: int) -> Webhook:
    return get_object_or_404(Webhook.objects.select_related("created_by", "paused_by"), pk=webhook_id)


def _page(request: PersonRequest, found: Webhook, *, status: int = 200) -> HttpResponse:
    state = request.GET.get("state", "")
    state = state if state in MessageState.values else ""
    page = page_of(listing.log_of(found, state), request.GET.get("page"))
    retiring = found.retiring_until if found.retiring_until and found.retiring_until > timezone.now() else None
    context = {
        "row": listing.Row(found),
        "webhook": found,
        "page": page,
        "rows": [(delivery, listing.label(delivery)) for delivery in page.object_list],
        "pills": listing.pills(found, state),
        "state": state,
        "retiring": retiring,
    }
    return render(request, "notifications/webhooks/webhook.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def webhook_new(request: PersonRequest) -> HttpResponse:
    """Add one. What answers shows its secret, once."""
    form, status = WebhookForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made, secret = actions.add(**form.values(), by=request.user, now=timezone.now())
                return _secret_page(request, made, secret)
            except Refused as refusal:
                form.add_error(refusal.field, str(refusal))
    return render(request, "notifications/webhooks/form.html", {"form": form, "webhook": None}, status=status)


def _secret_page(request: PersonRequest, found: Webhook, secret: str) -> HttpResponse:
    """No redirect: the secret stands in this answer and nowhere else."""
    return render(request, "notifications/webhooks/secret.html", {"webhook": found, "secret": secret})


@require_http_methods(["GET", "HEAD", "POST"])
def webhook_edit(request: PersonRequest, webhook_id: int) -> HttpResponse:
    """Change name, address and kinds."""
    found, status = _found(webhook_id), 200
    form = WebhookForm(request.POST if request.method == "POST" else None, initial=filled(found))
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.change(webhook_id=found.pk, **form.values(), by=request.user, now=timezone.now())
                messages.success(request, _("Changed. What waits goes to the new address."))
                return redirect("notifications:webhook", found.pk)
            except Refused as refusal:
                form.add_error(refusal.field, str(refusal))
    return render(request, "notifications/webhooks/form.html", {"form": form, "webhook": found}, status=status)


def _act_on(request: PersonRequest, webhook_id: int, action: Callable[..., Any], done: str) -> HttpResponse:
    """Do one thing with a webhook, and show what came of it."""
    found = _found(webhook_id)
    try:
        action(webhook_id=found.pk, by=request.user, now=timezone.now())
    except Conflict as conflict:
        messages.error(request, str(conflict))
        return _page(request, found, status=conflict.status)
    messages.success(request, done)
    return redirect("notifications:webhook", found.pk)


@require_POST
def webhook_pause(request: PersonRequest, webhook_id: int) -> HttpResponse:
    """Send nothing until resumed."""
    return _act_on(request, webhook_id, actions.pause, _("Paused. Nothing is sent and nothing new is queued."))


@require_POST
def webhook_resume(request: PersonRequest, webhook_id: int) -> HttpResponse:
    """Go on sending."""
    return _act_on(request, webhook_id, actions.resume, _("Resumed. What waited goes out within a minute."))


@require_POST
def webhook_test(request: PersonRequest, webhook_id: int) -> HttpResponse:
    """Send a test."""
    return _act_on(
        request, webhook_id, actions.send_test, _("The test is queued. The log says within a minute what was answered.")
    )


@require_POST
def webhook_rotate(request: PersonRequest, webhook_id: int) -> HttpResponse:
    """A new secret, shown once."""
    found = _found(webhook_id)
    return _secret_page(request, *actions.rotate(webhook_id=found.pk, by=request.user, now=timezone.now()))


@require_POST
def webhook_remove(request: PersonRequest, webhook_id: int) -> HttpResponse:
    """Take it out with its log."""
    found = _found(webhook_id)
    actions.remove(webhook_id=found.pk, by=request.user, now=timezone.now())
    messages.success(request, _("%(name)s is removed. Nothing is sent there any more.") % {"name": found.name})
    return redirect("notifications:webhooks")


@require_POST
def delivery_resend(request: PersonRequest, delivery_id: uuid.UUID) -> HttpResponse:
    """Send one event again."""
    found = get_object_or_404(WebhookDelivery, pk=delivery_id)
    try:
        actions.resend(delivery_id=found.pk, by=request.user, now=timezone.now())
    except Conflict as conflict:
        messages.error(request, str(conflict))
        return _page(request, _found(found.webhook_id), status=conflict.status)
    messages.success(request, _("Queued again, under the same id."))
    return redirect("notifications:webhook", found.webhook_id)
