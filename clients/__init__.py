"""HTTP to HubSpot and Aircall: one session, one gate and one error tree for both."""
