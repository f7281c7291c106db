import unittest
from datetime import UTC, datetime

from platform_backup.reveal import reveal
from platform_backup.s3 import Version

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def version(key: str, hour: int, deleted: bool) -> Version:
    return Version(key, f"{key}{hour}", datetime(2026, 3, 1, hour, tzinfo=UTC), 1, deleted, True)


class Store:
    def __init__(self, versions: list[Version]) -> None:
        self.found = versions
        self.gone: list[tuple[str, str | None]] = []

    def versions(self, prefix: str) -> list[Version]:
        return [one for one in self.found if one.key.startswith(prefix)]

    def delete(self, key: str, version: str | None = None) -> None:
        self.gone.append((key, version))


class Reveal(unittest.TestCase):
    def test_only_markers_of_then_or_later_go(self) -> None:
        store = Store([version("a", 11, False), version("a", 12, True), version("b", 11, True), version("c", 13, False)])
        self.assertEqual(reveal(store, NOON), 1)  # type: ignore[arg-type]
        self.assertEqual(store.gone, [("a", "a12")])


if __name__ == "__main__":
    unittest.main()
