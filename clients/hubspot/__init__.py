"""HubSpot's CRM as this product uses it: records, searches, links, and the portal's directory."""

from __future__ import annotations

from clients.hubspot.connection import hubspot_http
from clients.hubspot.directory import Directory
from clients.hubspot.links import Links
from clients.hubspot.objects import Objects

__all__ = ["HubSpot", "hubspot_http"]


class HubSpot(Objects, Links, Directory):
    """All that is asked of one portal, over one connection."""
