"""The file itself."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models.roster import RosterKind
from people.roster.reading.table import MAX_BYTES

KINDS = [(RosterKind.EXECUTIVES, gettext_lazy("Executives")), (RosterKind.HOSTS, gettext_lazy("Hosts"))]


class UploadForm(forms.Form):
    """A roster file. Whether it can be read is decided by people.roster."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Who is in the file"), choices=KINDS, widget=forms.RadioSelect, initial=RosterKind.HOSTS
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV or XLSX, as the personnel system writes it. At most 20 MB."),
        allow_empty_file=True,  # the reader's own words are better
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.psv,.xlsx,.xlsm"}),
    )
    no_header = forms.BooleanField(
        label=gettext_lazy("The file has no header: its first line is already a person"), required=False
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than %(size)d MB.") % {"size": MAX_BYTES // 1024**2})
        return file
