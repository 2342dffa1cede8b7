"""A file's bytes as a table of text: what it is, its encoding, its separators, its header, its lines."""

from people.roster.reading.source import read_table
from people.roster.reading.table import Row, Table

__all__ = ["Row", "Table", "read_table"]
