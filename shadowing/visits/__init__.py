"""Visits from proposal to check-in: one module per group of verbs; ``actions`` names them all."""
