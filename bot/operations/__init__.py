"""Long work that an admin asked for: one message tells how far it is, stops it, and reports."""
