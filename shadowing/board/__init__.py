"""The season board: a week of visits, the panel of one pair, and the acts of coordinators on both."""
