"""How much a questionnaire may hold. Enough for any survey people finish, little enough for any screen."""

FILE = 256 * 1024  # bytes of an imported file
LANGUAGES = 12
SECTIONS = 12
QUESTIONS = 60
OPTIONS = 20
KEY = 60
NAME = 120
DESCRIPTION = 500
INTRO = 1000
TITLE = 120  # of a section
WORDS = {"text": 300, "hint": 300, "low": 60, "high": 60}  # of a question
OPTION = 120
PROBLEMS = 30  # listed at once
# Names the answer page uses for itself.
RESERVED_KEYS = frozenset({"csrfmiddlewaretoken", "language", "next", "page", "pin", "round", "token"})
