"""The book's ideas in plain Python; each file is a page of the book."""
