import json
import tempfile
import unittest
from pathlib import Path

import platform_addons
from platform_odoo import contents


class Changed(unittest.TestCase):
    def changed(self, before, there, installed):
        return contents.changed({contents.PARAMETER: json.dumps(before)}, there, set(installed))

    def test_is_what_differs_or_is_not_remembered(self):
        there = {"base": "1", "web": "2", "sale": "3", "crm": "4"}
        self.assertEqual(self.changed({"base": "1", "web": "old"}, there, ["base", "web", "sale"]), ["sale", "web"])

    def test_is_all_of_a_database_that_remembers_nothing(self):
        self.assertEqual(contents.changed({}, {"base": "1", "web": "2"}, {"base", "web"}), ["base", "web"])

    def test_is_nothing_once_it_is_remembered(self):
        there, installed = {"base": "1", "web": "2"}, {"base", "web"}
        self.assertEqual(contents.changed({contents.PARAMETER: contents.to_remember(there, installed)}, there, installed), [])

    def test_is_no_module_that_the_image_lacks(self):
        self.assertEqual(self.changed({}, {"base": "1"}, ["base", "gone"]), ["base"])
        self.assertEqual(json.loads(contents.to_remember({"base": "1"}, {"base", "gone"})), {"base": "1"})


class Digest(unittest.TestCase):
    def digest_with(self, path=None, text="x"):
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch, "shop")
            folder.mkdir()
            (folder / "__manifest__.py").write_text("{}")
            if path:
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).write_text(text)
            return platform_addons.contents(Path(scratch), None)["shop"]

    def test_tells_every_file_that_an_update_reads(self):
        for path in ["views/shop.xml", "models/shop.py", "i18n/de.po", "static/description/icon.png", "data/tests.xml"]:
            with self.subTest(path):
                self.assertNotEqual(self.digest_with(path), self.digest_with())
                self.assertNotEqual(self.digest_with(path), self.digest_with(path, "y"))

    def test_does_not_tell_what_leaves_no_trace_in_a_database(self):
        for path in ["tests/test_shop.py", "static/src/shop.js", "static/tests/shop.test.js", "i18n/shop.pot", "models/__pycache__/a.pyc"]:
            with self.subTest(path):
                self.assertEqual(self.digest_with(path), self.digest_with())


if __name__ == "__main__":
    unittest.main()
