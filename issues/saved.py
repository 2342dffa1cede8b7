"""A person's own views of the issue list: kept, renamed, deleted, made the one the list opens with. Private, so nothing of
it stands in anybody's history."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from issues.errors import NotAllowed, Refused
from issues.filters import Filters
from issues.models import SavedView
from people.keys import fold
from people.models import User

MOST = 20  # views of one person
LONGEST = 60  # characters of a name


@transaction.atomic
def save_view(*, name: str, query: str, by: User, is_default: bool = False) -> SavedView:
    """Keep a filter, its order with it, under a name. Raises Refused (no name, one they use, too many, too long)."""
    others = _own(by)
    name, query = _new_name(name, others), Filters.of(query).query
    if len(others) >= MOST:
        raise Refused(_("You have %(count)d views. Delete one of them first.") % {"count": MOST})
    if len(query) > SavedView._meta.get_field("query").max_length:  # type: ignore[operator]
        raise Refused(_("These filters are too long to be kept. Drop one of them."))
    position = max((view.position for view in others), default=0) + 1
    view = SavedView.objects.create(user=by, name=name, query=query, position=position)
    return make_default(view=view, by=by) if is_default else view


@transaction.atomic
def rename_view(*, view: SavedView, name: str, by: User) -> SavedView:
    """Call it something else. Raises NotAllowed or Refused (no name, one they use)."""
    others = [other for other in _own(by, view) if other.pk != view.pk]
    view.name = _new_name(name, others)
    view.save(update_fields=["name"])
    return view


@transaction.atomic
def make_default(*, view: SavedView, by: User, on: bool = True) -> SavedView:
    """The list opens with this view from now on; with ``on`` False with all issues again. Raises NotAllowed."""
    _own(by, view)
    by.issue_views.filter(is_default=True).update(is_default=False)
    view.is_default = on
    view.save(update_fields=["is_default"])
    return view


@transaction.atomic
def delete_view(*, view: SavedView, by: User) -> None:
    """Gone for good. Raises NotAllowed."""
    _own(by, view)
    view.delete()


def _own(by: User, view: SavedView | None = None) -> list[SavedView]:
    """A person's views, locked with the person so that two windows do not save the same name. Raises NotAllowed when
    ``view`` is not one of them."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if view and view.user_id != by.pk:
        raise NotAllowed(_("This view is not yours."))
    return list(by.issue_views.order_by("position", "pk"))


def _new_name(name: str, others: list[SavedView]) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refused(_("Give the view a name."), field="name")
    if len(name) > LONGEST:
        raise Refused(_("Keep the name under %(count)d characters.") % {"count": LONGEST}, field="name")
    if fold(name) in {fold(view.name) for view in others}:
        raise Refused(_("You have a view of this name. Choose another one."), field="name")
    return name
