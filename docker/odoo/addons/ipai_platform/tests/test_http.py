from odoo.tests import HttpCase, tagged

from .common import in_stage, make_schema, make_user


@tagged("post_install", "-at_install")
class TestHttp(HttpCase):
    def test_health(self):
        with in_stage("staging"):
            answer = self.url_open("/platform/health")
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.json(), {"status": "pass", "stage": "staging"})
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertNotIn("Set-Cookie", answer.headers)

    def test_status_is_for_viewers(self):
        make_schema(self.env)
        self.env.cr.execute("INSERT INTO monitoring.gates VALUES (2, 'GO', 12, 12, now())")
        self.env.cr.execute(
            """INSERT INTO monitoring.backups (id, kind, started_at, ended_at, status)
               VALUES ('b1', 'full', '2026-03-01 02:00+00', '2026-03-01 02:06+00', 'ok')"""
        )
        make_user(self.env, "platform-viewer", "ipai_platform.group_viewer")
        make_user(self.env, "platform-stranger")
        self.authenticate("platform-viewer", "platform-viewer")
        told = self.url_open("/platform/status").json()
        self.assertEqual(told["phases"], {"2": "GO"})
        self.assertEqual(told["backup"], {"id": "b1", "ended_at": "2026-03-01T02:06:00Z"})
        self.assertIsNone(told["drill"])
        self.authenticate("platform-stranger", "platform-stranger")
        self.assertEqual(self.url_open("/platform/status").status_code, 403)

    def test_status_is_not_for_strangers(self):
        answer = self.url_open("/platform/status", allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
        self.assertIn("/web/login", answer.headers["Location"])

    def test_login_page(self):
        for stage, there in (("staging", True), ("development", True), ("production", False), ("", False)):
            with self.subTest(stage), in_stage(stage):
                page = self.url_open("/web/login").text
                self.assertEqual("o_platform_banner_fixed" in page, there)

    def test_session_of_the_web_client(self):
        make_user(self.env, "platform-stranger")
        self.authenticate("platform-stranger", "platform-stranger")
        for stage, told in (("staging", "staging"), ("production", None)):
            with self.subTest(stage), in_stage(stage):
                info = self.make_jsonrpc_request("/web/session/get_session_info", {})
                self.assertEqual(info["ipai_platform_banner"].get("stage"), told)
