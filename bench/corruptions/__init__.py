"""Ten ways in which a backup is worth nothing, and who notices."""
