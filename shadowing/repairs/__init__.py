"""Keeping a season alive while people change their minds: how it stands, places for one person, repairs."""
