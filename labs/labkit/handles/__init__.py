"""What a notebook holds in its hand: services, their instances, and the links between them."""
