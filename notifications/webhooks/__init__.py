"""Telling chat bridges and other programs what the outbox tells people: signed, retried, and never inside the network."""
