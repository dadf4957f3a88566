"""What is done to providers, their periods and policies."""
