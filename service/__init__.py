"""The domain. Knows no HTTP and no Flask request; its floors are listed in docs/adr/0001-layers.md."""
