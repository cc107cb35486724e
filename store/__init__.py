"""The keeping room: all that outlives a process stands in Redis, one file per thing kept."""
