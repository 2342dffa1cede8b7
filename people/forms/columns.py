"""Which column holds what, which lines count, and what holds for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.roster.reading import Table
from people.roster.vocabulary import FIELDS

LABELS = {
    "employee_number": gettext_lazy("Employee or post number"),
    "name": gettext_lazy("Name"),
    "email": gettext_lazy("Sign-in e-mail"),
    "contact_email": gettext_lazy("Contact e-mail"),
    "level": gettext_lazy("Level"),
    "business_unit": gettext_lazy("Business unit"),
    "home_site": gettext_lazy("Home site"),
    "manager": gettext_lazy("Line manager"),
    "assistant": gettext_lazy("Assistant"),
    "time_zone": gettext_lazy("Time zone"),
    "languages": gettext_lazy("Languages"),
    "team": gettext_lazy("Team"),
    "function": gettext_lazy("Function"),
    "site": gettext_lazy("Site"),
    "hired_on": gettext_lazy("Hired on"),
    "max_visits": gettext_lazy("Visits a season"),
    "nominated": gettext_lazy("Nominated by the team lead"),
}
SITE_FIELD = {"executives": "home_site", "hosts": "site"}
CONDITIONS = 2
OPERATORS = [("=", gettext_lazy("is")), ("~", gettext_lazy("contains"))]


NO_NAMES = _("Choose the column that holds people's names. A file of posts or head-counts is not a people file.")


class ColumnsForm(forms.Form):
    """One choice a field. Whether the columns make sense together is decided by people.roster."""

    def __init__(
        self, *args: Any, table: Table, kind: str, options: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> None:
        self.table, self.kind = table, kind
        if options is not None:
            kwargs["initial"] = self._initial(options)
        super().__init__(*args, **kwargs)
        columns = self._columns()
        for name in FIELDS[kind]:
            required = name == "name"
            self.fields[name] = forms.ChoiceField(label=LABELS[name], choices=columns, required=required)
            if name == "name":
                self.fields[name].error_messages["required"] = NO_NAMES
            if name == "name":
                joined = _("Joined to the first, for first and last names in two columns.")
                self.fields["name_and"] = forms.ChoiceField(
                    label=_("Second part of the name"), choices=columns, required=False, help_text=joined
                )
        self._add_site_for_all()
        self._add_conditions(columns)
        self.fields["by_name"] = forms.BooleanField(
            label=_("Numbers were given anew: know people by their names"), required=False
        )

    def _columns(self) -> list[tuple[str, str]]:
        places = range(len(self.table.header) or self.table.width)
        named = [(f"#{index + 1}", self.table.label(index)) for index in places if index not in self.table.sealed]
        return [("", _("not in this file")), *named]

    def _add_site_for_all(self) -> None:
        hint = _("Where the column is empty, or when the file has none. An unknown one is created.")
        self.fields["site_for_all"] = forms.CharField(
            label=_("Site for all lines"), required=False, max_length=120, help_text=hint
        )

    def _add_conditions(self, columns: list[tuple[str, str]]) -> None:
        for number in range(1, CONDITIONS + 1):
            self.fields[f"where_column_{number}"] = forms.ChoiceField(
                label=_("Only lines where"), choices=[("", _("no condition")), *columns[1:]], required=False
            )
            self.fields[f"where_operator_{number}"] = forms.ChoiceField(
                label=_("how"), choices=OPERATORS, required=False
            )
            self.fields[f"where_value_{number}"] = forms.CharField(label=_("value"), required=False, max_length=200)

    def options(self) -> dict[str, Any]:
        """What choose_columns takes."""
        said = self.cleaned_data
        columns = {name: said[name] for name in FIELDS[self.kind]}
        if said["name_and"]:
            columns["name"] += "+" + said["name_and"]
        where = [
            f"{said[f'where_column_{n}']}{said[f'where_operator_{n}'] or '='}{said[f'where_value_{n}']}"
            for n in range(1, CONDITIONS + 1)
            if said[f"where_column_{n}"]
        ]
        site = {SITE_FIELD[self.kind]: said["site_for_all"]} if said["site_for_all"] else {}
        return {"columns": columns, "where": where, "defaults": site, "by_name": said["by_name"]}

    def _initial(self, options: Mapping[str, Any]) -> dict[str, Any]:
        initial: dict[str, Any] = {"by_name": options.get("by_name", False)}
        for name, column in options.get("columns", {}).items():
            parts = [self._place(part) for part in ([column] if self._place(column) else column.split("+"))]
            initial[name] = parts[0]
            if name == "name" and len(parts) > 1:
                initial["name_and"] = parts[1]
        initial["site_for_all"] = options.get("defaults", {}).get(SITE_FIELD[self.kind], "")
        for number, text in enumerate(options.get("where", ())[:CONDITIONS], 1):
            cut = min(text.find(sign) for sign in "=~" if sign in text)
            initial |= {f"where_column_{number}": text[:cut], f"where_operator_{number}": text[cut]}
            initial[f"where_value_{number}"] = text[cut + 1 :]
        return initial

    def _place(self, column: str) -> str:
        """The choice that stands for a column, whether it is named by place or by header."""
        if not column.strip() or column.startswith("#"):
            return column.strip()
        return f"#{self.table.header.index(column) + 1}" if column in self.table.header else ""

    @property
    def main_fields(self) -> list[forms.BoundField]:
        """The fields that say what each column holds, in order."""
        return [self[name] for name in self.fields if name in FIELDS[self.kind] or name == "name_and"]

    @property
    def condition_rows(self) -> list[list[forms.BoundField]]:
        """Column, operator and value of each condition."""
        numbers = range(1, CONDITIONS + 1)
        return [[self[f"where_{part}_{number}"] for part in ("column", "operator", "value")] for number in numbers]
