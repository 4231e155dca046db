"""The little that Jupyter Book lacks, as Sphinx extensions."""
