"""What the leading clock looks at with each beat: what is wrong becomes an alert."""
