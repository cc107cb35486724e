"""The door: takes Aircall's events in, and answers 200 only for what is on disk."""
