"""Keeps both sides in step on the clock: what must be looked at without an event to say so."""
