"""What is done with billing: batches taken, the feed given, keys made."""
