"""Parts of addresses that are more than text."""

from datetime import date


class IsoDate:
    """A calendar date as in 2027-03-01; anything else is no address."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        return value if isinstance(value, str) else value.isoformat()
