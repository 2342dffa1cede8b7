"""Forms check shape; actions decide the rest."""

from surveys.forms.answers import AnswerForm, Page

__all__ = ["AnswerForm", "Page"]
