"""Contacts of HubSpot are kept in Aircall as well: carried, followed, taken away."""
