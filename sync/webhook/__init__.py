"""Our webhook at Aircall: made, found again, completed and switched on, or told how to by hand."""
