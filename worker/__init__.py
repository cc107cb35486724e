"""Events in, HubSpot out: the door, the drain, and the jobs that run it."""
