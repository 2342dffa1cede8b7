"""Forms of people. They check shape; actions decide."""

from people.forms.absences import AbsenceForm
from people.forms.columns import ColumnsForm
from people.forms.leaving import LeavingForm
from people.forms.roles import GrantForm
from people.forms.upload import UploadForm

__all__ = ["AbsenceForm", "ColumnsForm", "GrantForm", "LeavingForm", "UploadForm"]
