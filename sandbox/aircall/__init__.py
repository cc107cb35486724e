"""A small Aircall behind its REST API: calls, contacts, numbers, users, tags, webhooks."""
