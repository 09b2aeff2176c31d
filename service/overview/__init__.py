"""Overview: readings that cross the features: a person's own record, people as staff see them, reports.

Nothing else in the service imports it, and it changes nothing.
"""
