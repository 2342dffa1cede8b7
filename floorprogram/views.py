"""The home page, health checks, error pages and the gallery of components."""

from __future__ import annotations

import json
import logging
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from floorprogram.celery import app as celery_app
from floorprogram.gallery import sample
from floorprogram.home import build
from floorprogram.policy import POLICY
from people.requests import PersonRequest
from people.typed import typed_in

logger = logging.getLogger(__name__)


def home(request: PersonRequest) -> HttpResponse:
    """The signed-in person's own day."""
    found = build(request.user, now=timezone.now())
    return render(request, "floorprogram/home.html", {"home": found, "masthead_season": found.season})


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in every state; only where DEMO is on."""
    if not settings.DEMO:
        raise Http404
    return render(request, "components/gallery.html", sample())


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


def readyz(request: HttpRequest) -> JsonResponse:
    """Database, migrations and broker are in reach; 503 names what is not."""
    checks = {"database": _database_ready(), "broker": _broker_ready()}
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)


def _database_ready() -> bool:
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Exception:  # whatever is wrong with the database, the answer is "not ready"
        logger.exception("database not ready")
        return False


def _broker_ready() -> bool:
    try:
        with celery_app.connection_for_read(connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=0, timeout=2)
        return True
    except Exception:  # kombu's transports raise errors of their own kinds
        logger.exception("broker not ready")
        return False


@csrf_exempt
@require_POST
def csp_reports(request: HttpRequest) -> HttpResponse:
    """Browsers tell which rule of the content security policy a page broke; kept in the log, bounded."""
    try:
        report: Any = json.loads(request.body[:4000])
    except ValueError:
        return HttpResponse(status=400)
    body = report.get("csp-report", {}) if isinstance(report, dict) else {}
    fields = ("document-uri", "effective-directive", "blocked-uri") if isinstance(body, dict) else ()
    logger.warning("content security policy: %s", {name: str(body.get(name))[:200] for name in fields})
    return HttpResponse(status=204)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is not this session's: somebody signed in since, or it was forged. What was typed is shown where
    the browser says that it comes from a page of ours, and never what another site sent; nor what belongs to a survey,
    whose screen the next person may read."""
    own = request.headers.get("Sec-Fetch-Site") == "same-origin"
    rule = POLICY.get(request.resolver_match.view_name) if request.resolver_match else None
    shown = own and rule is not None and not rule.anonymous
    return render(request, "403_csrf.html", {"typed": typed_in(request) if shown else []}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without the request, so that no context processor can break it again."""
    return HttpResponse(render_to_string("500.html"), status=500)
