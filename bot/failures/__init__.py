"""What could not be written, by cause."""
