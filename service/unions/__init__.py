"""Unions: membership. A person has at most one active membership, in one node of the union tree (docs/rules.md `unions.one_membership`)."""
