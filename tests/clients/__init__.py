"""The clients by themselves: their own tests, types, the compiled mini-program."""
