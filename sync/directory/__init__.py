"""What Aircall and HubSpot have: read anew, and held against what the settings name."""
