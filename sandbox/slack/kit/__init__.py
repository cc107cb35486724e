"""Block Kit's rules: what blocks, elements and small objects may hold, and how much of it."""
