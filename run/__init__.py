"""Starts the product: one process by name, or all of them under a supervisor."""
