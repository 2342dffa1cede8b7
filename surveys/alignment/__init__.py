"""Executives and the front line on the same questions, and the gap between them."""
