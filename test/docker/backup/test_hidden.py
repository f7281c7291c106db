"""What was hidden is not begun anew."""

import unittest
from datetime import UTC, datetime

from platform_backup.regions import Keys, Region
from platform_backup.s3 import Client, Hidden, Version

REGION = Region("region-a", "vault:7070", "backup", True, None, 1)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Store(Client):
    def __init__(self, versions: list[Version]) -> None:
        super().__init__(REGION, Keys("id", "secret"))
        self._versions = versions

    def versions(self, prefix: str) -> list[Version]:
        return [one for one in self._versions if one.key.startswith(prefix)]


def version(key: str, *, deleted: bool, latest: bool) -> Version:
    return Version(key, "1", NOON, 1, deleted, latest)


class HiddenObjects(unittest.TestCase):
    def test_are_refused(self) -> None:
        store = Store([version("config", deleted=False, latest=False), version("config", deleted=True, latest=True)])
        with self.assertRaisesRegex(Hidden, "region-a hides config, and nothing new is begun beside it"):
            store.refuse_hidden("config")

    def test_what_never_was_or_is_there_is_not(self) -> None:
        Store([version("config2", deleted=True, latest=True)]).refuse_hidden("config")
        Store([version("config", deleted=True, latest=False), version("config", deleted=False, latest=True)]).refuse_hidden("config")


if __name__ == "__main__":
    unittest.main()
