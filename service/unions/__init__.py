"""Unions: membership, and the register's import from workbooks.

A person has at most one active *membership* (会籍), in one node (docs/rules.md `unions.one_membership`).
An *import* (导入) is a workbook on its way into the register: checked in the background, each bad row named, accepted
by a person, applied in the background. Nothing is written before it is accepted, and applying twice changes nothing.
"""
