"""Executive and host profiles. Their primary key is the user, so "two people" is a plain check on ids."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.models.places import BusinessUnit, Site, Team
from people.models.users import User


class Executive(models.Model):
    """A senior manager who goes to the floor. The assistant may do everything for them except hand over."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="executive")
    level = models.CharField(_("level"), max_length=60, blank=True)
    business_unit = models.ForeignKey(BusinessUnit, on_delete=models.PROTECT, null=True, blank=True)
    home_site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True)
    assistant = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="assists")
    line_manager = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="manages")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(line_manager=F("user")), name="executive_not_own_manager"),
            models.CheckConstraint(condition=~Q(assistant=F("user")), name="executive_not_own_assistant"),
        ]

    def __str__(self) -> str:
        return self.user.name


class Host(models.Model):
    """A front-line agent who is shadowed. ``nominated`` is a team lead's yes or blank, never a rating."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="host")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="hosts")
    function = models.CharField(_("function"), max_length=120, blank=True)
    hired_on = models.DateField(_("hired on"), null=True, blank=True)
    nominated = models.BooleanField(_("nominated by the team lead"), default=False)
    max_visits = models.PositiveSmallIntegerField(_("visits a season"), default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(max_visits__range=(1, 3)), name="host_one_to_three_visits"),
        ]

    def __str__(self) -> str:
        return self.user.name
