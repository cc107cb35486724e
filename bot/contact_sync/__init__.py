"""Contact sync as admins see it: how it stands, what was refused, and the copy of all contacts."""
