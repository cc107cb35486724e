"""The settings a process is started with: its environment and settings.toml, each read once."""
