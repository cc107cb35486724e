"""The channel for announcements and alerts: chosen, posted in, or the admins reached directly."""
