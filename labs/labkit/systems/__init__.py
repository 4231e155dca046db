"""The real systems that the labs run, a file each; ``template.py`` is the one to copy."""
