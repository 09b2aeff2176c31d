"""Skills: certificates and the levels they prove. The level held in an occupation is the best confirmed certificate there."""
