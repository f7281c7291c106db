"""One terminal of the web shell: who it is for, what they may open, the record of it, and its end."""
