"""Manifests and the escrow file: what is signed, what is told, and what is not."""

import json
import tempfile
import unittest
from pathlib import Path

from platform_backup import escrow, manifest
from platform_backup.fault import Fault
from platform_backup.regions import Keys, Region, pgbackrest_conf, restic_environment
from platform_backup.s3 import Client
from platform_backup.settings import read_settings

SEED = b"0123456789abcdefghijABCDEFGHIJ01"
REGION = Region("one", "vault-one:7070", "backup", True, None, 1)


class Memory(Client):
    """A region that is a dictionary."""

    def __init__(self) -> None:
        self.region = REGION
        self.objects: dict[str, bytes] = {}

    def put(self, key: str, content: bytes) -> None:
        self.objects[key] = content

    def get(self, key: str, version: str | None = None) -> bytes:
        return self.objects[key]

    def keys(self, prefix: str) -> list[str]:
        return sorted(key for key in self.objects if key.startswith(prefix))


class Manifests(unittest.TestCase):
    def setUp(self) -> None:
        self.client = Memory()
        self.public = manifest.public_key(SEED)
        manifest.store(self.client, {"id": "b1", "counts": {"res_users": 5}}, SEED)

    def test_what_was_stored_is_fetched(self) -> None:
        self.assertEqual(manifest.ids(self.client), ["b1"])
        self.assertEqual(manifest.fetch(self.client, "b1", self.public)["counts"], {"res_users": 5})

    def test_an_altered_one_is_refused(self) -> None:
        self.client.objects["manifests/b1.json"] = self.client.objects["manifests/b1.json"].replace(b"5", b"0")
        with self.assertRaisesRegex(Fault, "signature"):
            manifest.fetch(self.client, "b1", self.public)

    def test_one_of_another_key_is_refused(self) -> None:
        with self.assertRaisesRegex(Fault, "signature"):
            manifest.fetch(self.client, "b1", manifest.public_key(SEED[::-1]))

    def test_one_under_anothers_name_is_refused(self) -> None:
        for end in ("json", "sig"):
            self.client.objects[f"manifests/b2.{end}"] = self.client.objects[f"manifests/b1.{end}"]
        with self.assertRaisesRegex(Fault, "under the name of b2"):
            manifest.fetch(self.client, "b2", self.public)


class Escrows(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        values = {
            **{f"vault-{role}-{part}": f"{role}-{part}" for role in ("writer", "reader") for part in ("id", "secret")},
            "backup-repository-passphrase": "repository",
            "backup-files-passphrase": "files",
            "backup-signing-seed": SEED.decode(),
        }
        for name, value in values.items():
            (self.folder / name).write_text(f"{value}\n")
        ca = self.folder / "ca.crt"
        ca.write_text("CERTIFICATE")
        regions = [{"region": "one", "endpoint": "vault-one:7070", "bucket": "backup", "pathStyle": True, "caFile": str(ca), "lockDays": 1}]
        self.settings = read_settings({"BACKUP_REGIONS": json.dumps(regions)}, self.folder)

    def test_it_holds_what_a_restore_needs_and_no_writers_key(self) -> None:
        text = json.dumps(escrow.export(self.settings, self.folder))
        self.assertNotIn("writer", text)
        loaded = escrow.load(text, self.folder)
        self.assertEqual((loaded.reader.secret, loaded.repository_passphrase), ("reader-secret", "repository"))
        self.assertEqual(Path(loaded.region("one").ca_file or "").read_text(), "CERTIFICATE")

    def test_another_region_is_named(self) -> None:
        loaded = escrow.load(json.dumps(escrow.export(self.settings, self.folder)), self.folder)
        with self.assertRaisesRegex(Fault, "no region two; it knows one"):
            loaded.region("two")

    def test_what_is_no_escrow_file_is_refused(self) -> None:
        for text in ("", "[]", "{}", '{"format": 9}'):
            with self.assertRaises(Fault):
                escrow.load(text, self.folder)

    def test_a_missing_secret_and_a_short_seed_are_named(self) -> None:
        (self.folder / "backup-signing-seed").write_text("short")
        with self.assertRaisesRegex(Fault, "32 characters"):
            read_settings({}, self.folder)
        (self.folder / "backup-files-passphrase").unlink()
        with self.assertRaisesRegex(Fault, "backup-files-passphrase"):
            read_settings({}, self.folder)


class Configuration(unittest.TestCase):
    def test_each_region_is_a_repository_of_its_own(self) -> None:
        other = Region("two", "s3.two.example", "bucket", False, None, 35)
        text = pgbackrest_conf([REGION, other], Keys("id", "secret"), "pass", "main", Path("/c"), Path("/s"), Path("/state"))
        for line in ("repo1-s3-endpoint=vault-one", "repo1-storage-port=7070", "repo1-s3-uri-style=path", "repo2-s3-uri-style=host", "repo2-storage-port=443"):
            self.assertIn(line, text.splitlines())
        self.assertEqual(text.count("cipher-type=aes-256-cbc"), 2)

    def test_restic_is_told_by_its_environment_alone(self) -> None:
        found = restic_environment(REGION, Keys("id", "secret"), "pass", Path("/cache"))
        self.assertEqual(found["RESTIC_REPOSITORY"], "s3:https://vault-one:7070/backup/restic")
        self.assertEqual(found["RESTIC_PASSWORD"], "pass")

    def test_keys_are_not_printed(self) -> None:
        self.assertNotIn("secret", repr(Keys("id", "secret")))


if __name__ == "__main__":
    unittest.main()
