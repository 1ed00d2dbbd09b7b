"""From Italian text to the terms we index. Pure: knows no file but its word lists, no engine."""
