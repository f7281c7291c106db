from datetime import datetime

from psycopg2 import ProgrammingError

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .common import make_schema, make_user

MODELS = ["phase", "backup", "restore.test", "drill", "build", "promotion", "update", "clone", "session"]


@tagged("post_install", "-at_install")
class TestMonitoring(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.viewer = make_user(cls.env, "platform-viewer", "ipai_platform.group_viewer")
        cls.operator = make_user(cls.env, "platform-operator", "ipai_platform.group_operator")
        cls.stranger = make_user(cls.env, "platform-stranger")

    def model(self, name, user=None):
        return self.env[f"ipai.platform.{name}"].with_user(user or self.operator)

    def test_no_schema(self):
        self.env.cr.execute("DROP SCHEMA IF EXISTS monitoring CASCADE")
        for name in MODELS:
            with self.subTest(name):
                self.assertFalse(self.model(name).search([]))
                self.assertEqual(self.model(name).search_count([]), 0)

    def test_schema_comes_later(self):
        self.env.cr.execute("DROP SCHEMA IF EXISTS monitoring CASCADE")
        self.assertFalse(self.model("phase").search([]))
        make_schema(self.env)
        self.env.cr.execute("INSERT INTO monitoring.gates VALUES (3, 'NO-GO', 2, 8, '2026-03-01 12:00+02')")
        phase = self.model("phase").search([])
        self.assertRecordValues(
            phase,
            [
                {
                    "name": "3 CE + OCA Parity",
                    "status": "NO-GO",
                    "progress": 25.0,
                    "decided_at": datetime(2026, 3, 1, 10),
                }
            ],
        )

    def test_backups(self):
        make_schema(self.env)
        self.env.cr.execute(
            """INSERT INTO monitoring.backups VALUES
                ('b1', 'full', '2026-03-01 02:00+00', '2026-03-01 02:06+00', 'ok', '{"eu": {}, "ca": {}}', 5368709120, ''),
                ('b2', 'diff', '2026-03-02 02:00+00', NULL, NULL, NULL, NULL, NULL)"""
        )
        running, ended = self.model("backup").search([])
        self.assertEqual([running.name, running.status, running.minutes, running.regions], ["b2", False, 0.0, ""])
        self.assertEqual([ended.name, ended.minutes, ended.size_mib, ended.regions], ["b1", 6.0, 5120.0, "ca, eu"])
        self.assertEqual(self.model("backup").search([("status", "=", "ok")]), ended)

    def test_restores(self):
        make_schema(self.env)
        for table in ("restore_tests", "drills"):
            self.env.cr.execute(
                f"""INSERT INTO monitoring.{table} VALUES
                    ('r1', 'eu', 'b1', '2026-03-01', '2026-03-01', true, 60, 300, ''),
                    ('r2', 'ca', 'b1', '2026-03-02', '2026-03-02', false, NULL, NULL, 'lost'),
                    ('r3', 'us', 'b1', '2026-03-03', NULL, NULL, NULL, NULL, '')"""
            )
        for name in ("restore.test", "drill"):
            with self.subTest(name):
                found = self.model(name).search([], order="name")
                self.assertEqual(found.mapped("state"), ["holds", "fails", "running"])
                self.assertEqual(found[0].rto_seconds, 300)

    def test_builds_are_grouped(self):
        make_schema(self.env)
        self.env.cr.execute(
            """INSERT INTO monitoring.builds VALUES
                ('1', 'main', 'a', 'green', '2026-03-01', '2026-03-01', 80, 'https://x', ''),
                ('2', 'main', 'b', 'red', '2026-03-02', '2026-03-02', 60, NULL, '')"""
        )
        groups = self.model("build")._read_group([], ["branch"], ["__count", "coverage:avg"])
        self.assertEqual(groups, [("main", 2, 70.0)])

    def test_updates_and_copies(self):
        make_schema(self.env)
        self.env.cr.execute(
            """INSERT INTO monitoring.updates VALUES
                ('u1', 'ann', 'a1', 'odoo:1', 'odoo:2', '["sale", "stock"]', 'rolled back', '2026-03-01 02:00+00',
                 '2026-03-01 02:03+00', 13.5, 'sale: view is broken')"""
        )
        self.env.cr.execute(
            """INSERT INTO monitoring.clones VALUES
                ('c1', 'prod', 'b1', 'eu', 'ann', true, '2026-03-01 02:00+00', '2026-03-01 02:01+00', '')"""
        )
        update = self.model("update").search([])
        self.assertRecordValues(
            update,
            [{"name": "u1", "modules": "sale, stock", "status": "rolled back", "closed_seconds": 13.5, "minutes": 3.0}],
        )
        clone = self.model("clone").search([("anonymised", "=", True)])
        self.assertRecordValues(clone, [{"name": "c1", "from_stage": "prod", "backup": "b1", "minutes": 1.0}])

    def test_who_sees_what(self):
        make_schema(self.env)
        for name in MODELS:
            with self.subTest(name), self.assertRaises(AccessError):
                self.model(name, self.stranger).search([])
        for name in ("promotion", "update", "clone", "session"):
            with self.subTest(name), self.assertRaises(AccessError):
                self.model(name, self.viewer).search([])
        self.assertFalse(self.model("backup", self.viewer).search([]))
        self.assertFalse(self.model("session", self.operator).search([]))
        self.assertTrue(self.env.ref("base.user_admin").has_group("ipai_platform.group_operator"))

    def test_nobody_writes(self):
        make_schema(self.env)
        self.env.cr.execute("INSERT INTO monitoring.gates VALUES (0, 'GO', 1, 1, now())")
        phase = self.model("phase").search([])
        with self.assertRaises(AccessError):
            phase.write({"status": "GO"})
        with self.assertRaises(AccessError):
            self.model("phase").create({"phase": 1})
        with self.assertRaises(AccessError):
            phase.unlink()
        # And were the rights to write given, there is still nothing to write to.
        with self.assertRaises(ProgrammingError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            phase.sudo().unlink()

    def test_menu(self):
        menus = self.env["ir.ui.menu"]
        app = self.env.ref("ipai_platform.menu_platform")
        sessions = self.env.ref("ipai_platform.menu_session")
        self.assertIn(sessions.id, menus.with_user(self.operator)._visible_menu_ids())
        self.assertNotIn(sessions.id, menus.with_user(self.viewer)._visible_menu_ids())
        self.assertIn(app.id, menus.with_user(self.viewer)._visible_menu_ids())
        self.assertNotIn(app.id, menus.with_user(self.stranger)._visible_menu_ids())
