"""What goes in (orders) and what comes out (views). One file a capability."""
