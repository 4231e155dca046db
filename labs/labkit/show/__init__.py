"""What the reader sees: charts, tables, pictures and widgets, in both languages."""
