"""A small Slack behind its Web API, its sockets and its request URL: people, messages, views."""
