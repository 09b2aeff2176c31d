"""Not a drill: what `clock_jumps` puts on the path of the processes it misleads."""
