"""Watch the ticket pipelines and stages that the settings name."""
