"""The sheets that people fill in: people, numbers and services, with headings and words that the readers know."""

from __future__ import annotations

from feideprov.forms.making import FormKind, form_of, leaver_form, number_form, question_form

__all__ = ["FormKind", "form_of", "leaver_form", "number_form", "question_form"]
