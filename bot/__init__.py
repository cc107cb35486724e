"""People speak to the product here: commands, buttons, forms and announcements in Slack."""
