"""Files of readings: bytes to rows and back; run in the child process where the bytes are a stranger's."""
