"""HTTP and nothing but HTTP."""

from blueprints import parsing as parsing  # its parser must be in place before the first route is declared
