"""Which days a person cannot be on the floor: from calendar files, from lists of days, and the days of a site."""
