"""You said, we did: what was confirmed at a site, without names, for a wall that everybody passes."""
