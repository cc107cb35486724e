"""Alerts and notices in Slack: one message per problem, kept true until it is resolved."""
