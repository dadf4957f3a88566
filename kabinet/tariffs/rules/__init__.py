"""What a month costs, and from which day: values in, printed lines out."""
