"""``./run bench``: the performance that this book promises, each line as measured, its goal, and whether it holds."""
