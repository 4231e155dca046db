"""The book: its pages, its two languages, and the build that turns them into the site."""
