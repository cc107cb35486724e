"""HubSpot and Aircall over real HTTP as small worlds that keep the vendors' own rules."""
