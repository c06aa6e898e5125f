"""The configuration: feideprov.toml, and each of its keys as FEIDEPROV_SECTION__KEY in the environment."""

from __future__ import annotations

from feideprov.settings.errors import describe_validation
from feideprov.settings.loading import Settings
from feideprov.settings.sections import ChecklistSection, IgnoreSection, SmtpSection, WebhookSection

__all__ = ["ChecklistSection", "IgnoreSection", "Settings", "SmtpSection", "WebhookSection", "describe_validation"]
