"""Who people are, what they may do, and how the right is asked for, granted and revoked."""
