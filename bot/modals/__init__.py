"""The forms: one file a section, and one way to open, fill and submit them all."""
