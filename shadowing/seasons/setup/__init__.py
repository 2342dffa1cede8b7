"""The pages that set a season up: five forms, each some keys of the season file."""
