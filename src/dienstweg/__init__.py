"""Dienstweg."""
