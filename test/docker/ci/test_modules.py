"""python3 -m unittest discover -s test/docker/ci, with docker/ci on the path."""

import tempfile
import unittest
from pathlib import Path

from platform_ci.modules import Modules

GRAPH = {
    "report": ("base",),
    "assets": ("account", "report"),
    "assets_more": ("assets", "stock"),
    "alone": ("web",),
}


class ModulesTest(unittest.TestCase):
    def test_what_a_module_needs_of_the_core_and_of_ours(self) -> None:
        self.assertEqual(Modules(GRAPH).closure("assets_more"), (["account", "base", "stock"], ["assets", "report"]))
        self.assertEqual(Modules(GRAPH).closure("alone"), (["web"], []))

    def test_those_that_need_a_module_however_far_away(self) -> None:
        self.assertEqual(Modules(GRAPH).with_dependants(["report"]), ["assets", "assets_more", "report"])
        self.assertEqual(Modules(GRAPH).with_dependants(["alone"]), ["alone"])

    def test_a_circle_ends(self) -> None:
        self.assertEqual(Modules({"a": ("b",), "b": ("a",)}).closure("a"), ([], ["a", "b"]))

    def test_manifests_are_read_as_data(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for name, text in {"one": '{"depends": ["account"]}', "two": "{}"}.items():
                (Path(folder) / name).mkdir()
                (Path(folder) / name / "__manifest__.py").write_text(text)
            self.assertEqual(Modules.read(Path(folder)).ours, {"one": ("account",), "two": ("base",)})
            (Path(folder) / "one" / "__manifest__.py").write_text("__import__('os').system('true')")
            with self.assertRaises(ValueError):
                Modules.read(Path(folder))


if __name__ == "__main__":
    unittest.main()
