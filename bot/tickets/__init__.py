"""Mend what a missing ticket pipeline or stage did: put a choice back, make what was left out."""
