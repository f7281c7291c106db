"""How many attachments in a backup of Odoo's own have no file in it: `python3 - BACKUP.zip`. Prints dangling and all."""

import re
import sys
import zipfile

with zipfile.ZipFile(sys.argv[1]) as backup:
    files = {name.removeprefix("filestore/") for name in backup.namelist()}
    wanted, columns = [], None
    with backup.open("dump.sql") as dump:
        for line in (raw.decode("utf-8", "replace").rstrip("\n") for raw in dump):
            begun = re.match(r"COPY public\.ir_attachment \((.*)\) FROM stdin;", line)
            if begun:
                columns = begun[1].split(", ")
            elif line == "\\.":
                columns = None
            elif columns:
                name = line.split("\t")[columns.index("store_fname")]
                if name != "\\N":
                    wanted.append(name)
print(sum(name not in files for name in wanted), len(wanted))
