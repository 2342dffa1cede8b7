"""A file's bytes as a table of text: what it is, its encoding, its separators, its header, its lines."""

from people.roster.reading.source import read_table
from people.roster.reading.table import MAX_CELL, Row, Table, is_overlong

__all__ = ["MAX_CELL", "Row", "Table", "is_overlong", "read_table"]
