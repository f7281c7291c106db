import gzip
import hashlib
import tarfile
import tempfile
import unittest
import zipfile
from pathlib import Path
from unittest.mock import Mock, patch

from platform_odoo import dump as dump_module
from platform_odoo import incoming
from platform_odoo.fault import Fault

BODY = b"a file"
NAME = hashlib.sha1(BODY).hexdigest()
STORED = f"{NAME[:2]}/{NAME}"


def dump(rows=("1\tAnn", "2\tBob"), version="19.0.1.3", stored=STORED, sequence=7):
    parts = [
        "SET client_encoding = 'UTF8';",
        "COPY public.res_partner (id, name) FROM stdin;",
        *rows,
        "\\.",
        "COPY public.ir_module_module (id, name, state, latest_version) FROM stdin;",
        f"1\tbase\tinstalled\t{version}",
        "2\tsale\tuninstalled\t\\N",
        "\\.",
        "COPY public.ir_attachment (id, store_fname) FROM stdin;",
        f"1\t{stored}",
        "2\t\\N",
        "\\.",
        "COPY monitoring.heartbeat (at) FROM stdin;",
        "now",
        "\\.",
        f"SELECT pg_catalog.setval('public.res_partner_id_seq', {sequence}, true);",
        "-- PostgreSQL database dump complete",
    ]
    return ("\n".join(parts) + "\n").encode()


class Incoming(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def store(self, root, name=STORED, body=BODY):
        path = self.folder / root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        return path


class Unpack(Incoming):
    def unpack(self):
        found = incoming.unpack(self.folder)
        self.assertEqual((self.folder / "filestore" / STORED).read_bytes(), BODY)
        return found["format"], (self.folder / "dump").read_bytes()

    def test_odoos_own_zip(self):
        with zipfile.ZipFile(self.folder / "given", "w") as file:
            file.writestr("dump.sql", dump())
            file.writestr("manifest.json", "{}")
            file.writestr(f"filestore/{STORED}", BODY)
        self.assertEqual(self.unpack(), ("zip", dump()))

    def test_sql_with_a_folder_of_files(self):
        (self.folder / "given").write_bytes(dump())
        self.store("files/filestore/olddb")
        self.assertEqual(self.unpack(), ("sql", dump()))

    def test_gzipped_custom_format_with_a_tar(self):
        (self.folder / "given").write_bytes(gzip.compress(b"PGDMP..."))
        with tarfile.open(self.folder / "files", "w:gz") as tar:
            tar.add(self.store("old"), f"olddb/{STORED}")
        self.assertEqual(self.unpack(), ("custom", b"PGDMP..."))

    def test_more_than_the_disk_holds(self):
        (self.folder / "given").write_bytes(dump())
        self.store("files")
        with patch.object(incoming.shutil, "disk_usage", lambda _: Mock(free=incoming.SPARE)):
            with self.assertRaisesRegex(Fault, "to import it takes 256 MiB, and the disk has 256 MiB free"):
                incoming.unpack(self.folder)

    def test_what_is_none(self):
        for what, body in {"empty": b"", "binary": b"\x00\x01", "a zip of something else": None}.items():
            if body is None:
                with zipfile.ZipFile(self.folder / "given", "w") as file:
                    file.writestr("readme", "x")
            else:
                (self.folder / "given").write_bytes(body)
            self.store("files")
            with self.subTest(what), self.assertRaises(Fault):
                incoming.unpack(self.folder)

    def test_files_that_are_missing_or_elsewhere(self):
        (self.folder / "given").write_bytes(dump())
        with self.assertRaisesRegex(Fault, "give --filestore"):
            incoming.unpack(self.folder)
        (self.folder / "dump").rename(self.folder / "given")
        self.store("files/one", "x")
        self.store("files/two", "x")
        with self.assertRaisesRegex(Fault, "no filestore: one, two"):
            incoming.unpack(self.folder)

    def test_an_archive_that_leads_out(self):
        (self.folder / "given").write_bytes(dump())
        with tarfile.open(self.folder / "files", "w") as tar:
            tar.add(self.store("old"), "../../out")
        with self.assertRaises(Fault):
            incoming.unpack(self.folder)


class Compare(Incoming):
    def compare(self, given=None, loaded=None):
        (self.folder / "given.sql").write_bytes(dump() if given is None else given)
        (self.folder / "loaded.sql").write_bytes(dump() if loaded is None else loaded)
        with patch.object(incoming, "available", lambda: {"base"}):
            return incoming.compare(self.folder)

    def test_counts_what_came_whole(self):
        self.store("filestore")
        self.assertEqual(
            self.compare(loaded=dump(rows=("2\tBob", "1\tAnn"))),
            {"version": "19.0.1.3", "faults": [], "tables": 3, "rows": 6, "attachments": 1, "missing": []},
        )

    def test_names_what_did_not(self):
        self.store("filestore")
        spoils = {
            "tables differ from the dump: public.res_partner": {"loaded": dump(rows=("1\tAnn",))},
            "tables differ from the dump: public.ir_attachment": {"loaded": dump(stored="\\N")},
            "sequences differ from the dump": {"loaded": dump(sequence=8)},
            "sequences are behind their tables: public.res_partner": {"given": dump(sequence=1), "loaded": dump(sequence=1)},
            "its Odoo is 18.0.1.3, not 19.0: upgrade it first": {"given": dump(version="18.0.1.3"), "loaded": dump(version="18.0.1.3")},
        }
        for fault, files in spoils.items():
            with self.subTest(fault):
                self.assertEqual(self.compare(**files)["faults"], [fault])
        edited = self.compare(loaded=dump(rows=("1\tAnn", "2\tEve")))
        self.assertEqual(edited["faults"], ["tables differ from the dump: public.res_partner"])

    def test_names_modules_that_the_image_lacks(self):
        self.store("filestore")
        given = dump().replace(b"sale\tuninstalled", b"sale\tinstalled")
        self.assertEqual(self.compare(given, given)["faults"], ["the image lacks modules: sale"])

    def test_tells_missing_files_from_spoiled_ones(self):
        self.assertEqual(self.compare()["missing"], [STORED])
        self.store("filestore", body=b"another")
        found = self.compare()
        self.assertEqual((found["missing"], found["faults"]), ([], [f"files differ from their checksum: {STORED}"]))

    def test_a_dump_that_breaks_off(self):
        for fault, end in {"in the middle of a table": b"2\tBob", "before its end": b"COPY public.ir_module"}.items():
            with self.subTest(fault), self.assertRaisesRegex(Fault, fault):
                self.compare(given=dump()[: dump().index(end)])

    def test_an_empty_dump(self):
        self.assertEqual(self.compare(dump_module.COMPLETE, dump_module.COMPLETE)["faults"], ["its Odoo is unknown, not 19.0: upgrade it first"])


if __name__ == "__main__":
    unittest.main()
