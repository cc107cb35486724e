"""Logs a past time on purpose: counted first, then run in slices, resumed where it stood."""
