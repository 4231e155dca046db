"""What builds the book, runs its labs and keeps its two languages together."""
