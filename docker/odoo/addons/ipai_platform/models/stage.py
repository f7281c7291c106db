import os

from odoo import api, models

STAGES = ("development", "staging", "production")


class PlatformStage(models.AbstractModel):
    """Which environment this process serves.

    Told by the environment of the process and never by the database: a copy of
    production that runs elsewhere must not call itself production.
    """

    _name = "ipai.platform.stage"
    _description = "Environment that this process serves"

    @api.model
    def current(self):
        """One of STAGES, or an empty text outside of the platform."""
        stage = os.environ.get("PLATFORM_STAGE", "")
        return stage if stage in STAGES else ""

    @api.model
    def banner(self):
        """What users are told, or an empty dictionary: production has no banner."""
        texts = {
            "development": self.env._("Development: nothing here is real, and it may be gone tomorrow."),
            "staging": self.env._("Staging: a copy of production to try changes on. Don't enter real work here."),
        }
        stage = self.current()
        return {"stage": stage, "text": texts[stage]} if stage in texts else {}
