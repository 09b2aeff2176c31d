"""Audit: who did what to what, and when. Append-only: the database refuses UPDATE and DELETE."""
