"""What the tests that start real processes share: tiny services, owners to end, and a look at what is left."""
