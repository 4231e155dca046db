"""Where things run: each substrate starts, signals and ends what a lab asks for, and names what it can do."""
