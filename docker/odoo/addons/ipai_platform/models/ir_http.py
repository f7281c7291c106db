from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        info = super().session_info()
        if self.env.user._is_internal():
            info["ipai_platform_banner"] = self.env["ipai.platform.stage"].banner()
        return info
