"""Carrying out a plan: before, during and after the writes, and after a crash."""
