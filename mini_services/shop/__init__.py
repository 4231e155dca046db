"""One online shop for the whole book."""
