"""Backups of database and filestore into every region, and their proof: what the container `backup` is made of."""
