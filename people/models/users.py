"""The person behind every role."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from people.keys import KeyField, fold


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> UserQuerySet:
        """People who may sign in and be written to."""
        return self.filter(is_active=True)

    def with_identities(self) -> UserQuerySet:
        """Everything ``User.identities`` reads, in this one query besides the role grants."""
        executives = apps.get_model("people", "Executive")._default_manager
        assists = executives.filter(assistant=OuterRef("pk"))
        return self.select_related("executive", "host__team").annotate(is_assistant=Exists(assists))

    def by_key(self, key: str) -> UserQuerySet:
        """People whose employee number or sign-in e-mail is ``key``, whatever its case."""
        folded = fold(key)
        return self.filter(Q(employee_number_key=folded) | Q(email_key=folded)) if folded else self.none()

    def visible_to(self, user: User) -> UserQuerySet:
        """Admins and sponsors see everybody; coordinators their sites' people and all executives; others themselves
        and the executives they assist."""
        if user.sees_everybody:
            return self.all()
        mine = Q(pk=user.pk) | Q(executive__assistant=user.pk)
        if "coordinator" in user.identities:
            mine |= Q(executive__isnull=False) | Q(host__team__site__in=user.coordinated_site_ids)
        return self.filter(mine)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str | None = None, password: str | None = None, **fields: Any) -> User:
        """A new person; without a password they cannot sign in by one."""
        user = self.model(email=email or None, **fields)
        user.set_password(password) if password else user.set_unusable_password()
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email_key=fold(username))


class User(AbstractBaseUser):
    """A person. ``email`` signs in and is theirs alone; ``contact_email`` may be shared and signs nobody in."""

    name = models.CharField(_("name"), max_length=200)
    name_key = KeyField(of="name")
    email = models.EmailField(_("sign-in e-mail"), null=True, blank=True)
    email_key = KeyField(of="email", unique=True)
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    employee_number = models.CharField(_("employee or post number"), max_length=64, null=True, blank=True)
    employee_number_key = KeyField(of="employee_number", db_index=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    language = models.CharField(_("language"), max_length=16, blank=True)
    theme = models.CharField(_("theme"), max_length=8, blank=True)
    languages = models.JSONField(_("languages spoken"), default=list, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    # Ids of those this person stands in for at the moment, as people.standing_in finds them for whoever knows the time;
    # nobody, for a person that was just loaded
    acting_for: frozenset[int] = frozenset()

    USERNAME_FIELD = "email_key"
    EMAIL_FIELD = "email"
    objects = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["employee_number_key", "name_key"], name="user_number_with_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="user_has_name"),
            models.CheckConstraint(condition=Q(email__isnull=True) | ~Q(email=""), name="user_email_null_not_empty"),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(is_active=False), name="user_left_is_not_active"
            ),
        ]
        indexes = [
            models.Index(fields=["name_key", "id"], name="user_by_name"),
            models.Index(fields=["employee_number_key", "id"], name="user_by_number"),
        ]  # and on PostgreSQL those of migration 0003

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """How interface.md names people: employee number, else e-mail, else the id."""
        return self.employee_number or self.email or f"#{self.pk}"

    @property
    def first_name(self) -> str:
        return self.name.split()[0]

    @property
    def initials(self) -> str:
        words = self.name.split()
        return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()

    @property
    def address(self) -> str:
        """Where messages go: the contact address when there is one, else the sign-in address, else nothing."""
        return self.contact_email or self.email or ""

    @property
    def has_address_of_own(self) -> bool:
        """Messages reach this person alone, so a link in them may confirm an issue or hand one over."""
        return bool(self.email) and self.address == self.email

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone or settings.TIME_ZONE)

    @cached_property
    def grants(self) -> dict[str, frozenset[int] | None]:
        """Role → ids of the sites it covers, None for all of them. One query, then remembered."""
        found: dict[str, frozenset[int] | None] = self.role_grants.of(self)
        return found

    @cached_property
    def identities(self) -> frozenset[str]:
        """What this person is, of admin, coordinator, sponsor, executive, assistant and host."""
        names: list[str] = list(self.grants)
        names += ["executive"] if self.is_executive else []
        names += ["host"] if self.is_host else []
        names += ["assistant"] if self._assists or self.acting_for else []
        return frozenset(names)

    @property
    def is_executive(self) -> bool:
        return hasattr(self, "executive")

    @property
    def is_host(self) -> bool:
        return hasattr(self, "host")

    @property
    def _assists(self) -> bool:
        annotated: bool | None = self.__dict__.get("is_assistant")
        return self.assists.exists() if annotated is None else annotated

    @property
    def is_admin(self) -> bool:
        return "admin" in self.grants

    @property
    def coordinates_everywhere(self) -> bool:
        """Admins count as coordinators of every site."""
        return self.is_admin or self.grants.get("coordinator", frozenset()) is None

    @property
    def coordinated_site_ids(self) -> frozenset[int]:
        """Site ids of a coordinator with a list of sites; empty for everybody else, all-site coordinators included."""
        return self.grants.get("coordinator") or frozenset()

    def coordinates(self, site_id: int | None) -> bool:
        """May this person work on what belongs to the site? True for admins and all-site coordinators always."""
        return self.coordinates_everywhere or site_id in self.coordinated_site_ids

    def coordinates_all(self, site_ids: Iterable[int]) -> bool:
        return self.coordinates_everywhere or frozenset(site_ids) <= self.coordinated_site_ids

    @property
    def sees_everybody(self) -> bool:
        """Finds every person in the list: admins, sponsors, all-site coordinators."""
        return bool(self.identities & {"admin", "sponsor"}) or self.coordinates_everywhere

    @property
    def reads_everything(self) -> bool:
        """Sees every visit, issue and report: admins, all-site coordinators, sponsors."""
        return self.coordinates_everywhere or "sponsor" in self.grants
