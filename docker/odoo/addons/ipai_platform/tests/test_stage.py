from odoo.tests import TransactionCase, tagged

from .common import in_stage


@tagged("post_install", "-at_install")
class TestStage(TransactionCase):
    def banner(self, stage):
        with in_stage(stage):
            return self.env["ipai.platform.stage"].banner()

    def test_non_production_has_a_banner(self):
        for stage in ("development", "staging"):
            with self.subTest(stage):
                banner = self.banner(stage)
                self.assertEqual(banner["stage"], stage)
                self.assertTrue(banner["text"].lower().startswith(stage))

    def test_production_has_none(self):
        self.assertEqual(self.banner("production"), {})

    def test_outside_of_the_platform_there_is_none(self):
        self.assertEqual(self.banner(""), {})
        self.assertEqual(self.banner("<script>"), {})

    def test_database_does_not_decide(self):
        self.env["ir.config_parameter"].set_param("PLATFORM_STAGE", "production")
        self.assertEqual(self.banner("staging")["stage"], "staging")

    def test_in_the_language_of_the_user(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.env["ir.module.module"]._load_module_terms(["ipai_platform"], ["de_DE"])
        with in_stage("staging"):
            banner = self.env["ipai.platform.stage"].with_context(lang="de_DE").banner()
        self.assertIn("Kopie", banner["text"])
