"""The right to change settings: refused, asked for, granted and revoked."""
