"""What retention removes besides pgBackRest's sets, in a region that is a dictionary."""

import unittest
from types import SimpleNamespace
from unittest.mock import patch

from platform_backup import expire, manifest
from platform_backup.regions import Region

SEED = b"0123456789abcdefghijABCDEFGHIJ01"
REGION = Region("one", "vault-one:7070", "backup", True, None, 1)
DAY = 86_400


class Memory:
    def __init__(self, objects: dict[str, bytes]) -> None:
        self.region = REGION
        self.objects = objects

    def put(self, key: str, content: bytes) -> None:
        self.objects[key] = content

    def get(self, key: str) -> bytes:
        return self.objects[key]

    def delete(self, key: str) -> None:
        del self.objects[key]

    def keys(self, prefix: str) -> list[str]:
        return sorted(key for key in self.objects if key.startswith(prefix))


class Expire(unittest.TestCase):
    def setUp(self) -> None:
        self.objects: dict[str, bytes] = {}
        memory = Memory(self.objects)
        for day in range(1, 4):
            manifest.store(memory, {"id": f"b{day}", "pgbackrest": {"one": {"label": f"L{day}"}}}, SEED)  # type: ignore[arg-type]
        self.held = [{"label": f"L{day}", "prior": None, "timestamp": {"stop": day * DAY}} for day in range(1, 4)]
        self.pgbackrest: list[tuple[str, ...]] = []
        self.restic: list[str] = []

    def run_with(self, **retention: int) -> list[str]:
        settings = SimpleNamespace(retention=retention, reader=None, writer=None, signing_seed=SEED)
        with (
            patch.object(expire, "Client", lambda *_: Memory(self.objects)),
            patch.object(expire, "info", lambda *_: {"backup": self.held}),
            patch.object(expire, "pgbackrest", lambda _, *words, **__: self.pgbackrest.append(words)),
            patch.object(expire, "restic", lambda _, __, *words: self.restic.extend(words)),
        ):
            return expire.expire(settings, REGION)  # type: ignore[arg-type]

    def test_the_files_of_every_kept_backup_stay_and_those_of_others_may_go(self) -> None:
        self.assertEqual(self.run_with(daily=2), ["L1"])
        self.assertEqual(self.pgbackrest, [("expire", "--set=L1")])
        self.assertEqual([word for word in self.restic if word.startswith("--keep-tag")], ["--keep-tag=backup:b2", "--keep-tag=backup:b3"])

    def test_a_manifest_goes_with_its_backup(self) -> None:
        self.run_with(daily=2)
        self.assertEqual(sorted(self.objects), [f"manifests/b{day}.{end}" for day in (2, 3) for end in ("json", "sig")])

    def test_a_manifest_that_is_not_ours_stays_to_be_seen(self) -> None:
        self.objects["manifests/b1.sig"] = b"another"
        self.run_with(daily=2)
        self.assertIn("manifests/b1.json", self.objects)
        self.assertIn("--keep-tag=backup:b1", self.restic)

    def test_a_backup_with_page_errors_keeps_its_manifest_as_long_as_it_is_there(self) -> None:
        self.held[0]["error"] = True
        self.assertEqual(self.run_with(daily=2), [])
        self.assertIn("manifests/b1.json", self.objects)


if __name__ == "__main__":
    unittest.main()
