"""The deciding room: pure functions from facts to a frozen plan, without network, clock or disk."""
