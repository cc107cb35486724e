"""How Slack reaches us: over sockets that are held, or over HTTP with signed requests."""
