"""How Slack reaches the app: payloads, sockets, signed requests, and what the app answers."""
