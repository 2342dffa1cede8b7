"""Refusals: what an action says when it may not or cannot be done. Their text is fit to show to people."""


class Refused(Exception):
    """An action was refused; nothing was changed. ``status`` is the HTTP answer a view gives."""

    status = 422

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class Conflict(Refused):
    """Somebody else was faster, or the state has moved on since the page was read."""

    status = 409


class NotAllowed(Refused):
    """The person has no right to do this. Views answer 404, so that nothing is given away."""

    status = 404
