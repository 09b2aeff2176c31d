"""Legal aid: commands and questions."""
