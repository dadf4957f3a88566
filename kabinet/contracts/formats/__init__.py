"""Files that contracts give out."""
