"""Files: reading and writing .xlsx and PDF, and keeping uploaded files sealed under the data directory."""
