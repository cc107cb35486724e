"""Why a call or message became what it is, in words that an admin understands."""
