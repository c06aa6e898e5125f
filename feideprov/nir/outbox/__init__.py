"""Handing records over to a case system that transfers to NIR by WS4."""
