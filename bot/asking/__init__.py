"""What was done in Slack, by whom and with what right; how it is answered, errors too."""
