"""Slack's Web API: one function per method, and the table of their scopes and tiers."""
