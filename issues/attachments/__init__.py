"""Files kept with an issue: looked into before they are taken, stored where no address leads, served only through a view."""
