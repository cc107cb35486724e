"""Numbers that are new at Aircall: connected by one click beside the alert that offers them."""
