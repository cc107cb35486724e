"""The integration as a whole: turned on, turned off, removed."""
