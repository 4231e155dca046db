"""What holds for every file of the book, read and not run."""
