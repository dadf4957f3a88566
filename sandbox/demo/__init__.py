"""Who may sign in and what may be linked, for people and tests that walk through the demonstration."""
