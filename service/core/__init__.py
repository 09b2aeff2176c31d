"""What every floor stands on: database, transaction, errors, clock, ids, pages, lifecycle, access, crypto, search."""
