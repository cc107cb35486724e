"""Logging a past time, as admins ask for it: which time, what it would do, and the start."""
