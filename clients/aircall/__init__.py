"""Aircall's REST API as this product uses it."""

from __future__ import annotations

from clients.aircall.api import Aircall, aircall_http

__all__ = ["Aircall", "aircall_http"]
