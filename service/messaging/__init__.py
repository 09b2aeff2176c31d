"""Messaging: the outbox of everything that happens after a commit, and the inbox every person has in the app.

An *outbox row* (待办投递) is written in the transaction of what it tells of, leased by the worker process, delivered at
least once and idempotent by its key. A *notice* (通知) is what a person reads.
"""
