"""Organisations: the tree of trade unions, employers, and the divisions, industries and occupations they sit in.

Words: a *union node* (工会) is one union in the tree; its `path` (`/1/4/17/`) holds the ids from the root down, so
"this node and everything below it" is a prefix. The industrial park (市工业园区) is a node, not a division.
"""
