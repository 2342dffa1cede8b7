"""The form that adds a file. What is in the file is looked at by the action."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from issues.attachments.kinds import ENDINGS


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS), "class": "form-control"}),
        help_text=_("PDF, image, text, CSV, Word, Excel or PowerPoint, up to 10 MB."),
        error_messages={"required": _("Choose a file.")},
    )
    host_reads = forms.BooleanField(label=_("The host can read this"), required=False)

    def values(self) -> dict[str, Any]:
        """What was chosen, as keyword arguments of the action."""
        file = self.cleaned_data["file"]
        return {"file": file, "name": file.name or "", "host_reads": self.cleaned_data["host_reads"]}
