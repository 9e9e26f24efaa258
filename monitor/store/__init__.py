"""The store: one SQLite database, and the only SQL in the project."""
