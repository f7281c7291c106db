import psycopg2

from odoo import SUPERUSER_ID, api, http
from odoo.http import request

NO_STORE = [("Cache-Control", "no-store")]


class PlatformHealth(http.Controller):
    @http.route("/platform/health", type="http", auth="none", methods=["GET"], save_session=False)
    def health(self):
        """For whoever watches: does Odoo answer from its database? Tells nothing else to strangers."""
        try:
            request.env.cr.execute("SELECT 1")
            held = request.env.cr.fetchone() == (1,)
        except psycopg2.Error:
            held = False
        stage = api.Environment(request.env.cr, SUPERUSER_ID, {})["ipai.platform.stage"].current()
        return request.make_json_response(
            {"status": "pass" if held else "fail", "stage": stage}, headers=NO_STORE, status=200 if held else 503
        )

    @http.route("/platform/status", type="http", auth="user", methods=["GET"], save_session=False)
    def status(self):
        """For those who may see it: phases, and the newest backup, restore test and drill."""
        env = request.env
        if not env.user.has_group("ipai_platform.group_viewer"):
            return request.make_json_response({"error": "not for you"}, headers=NO_STORE, status=403)

        def newest(model):
            record = env[model].search([("ended_at", "!=", False)], order="ended_at desc", limit=1)
            return {"id": record.name, "ended_at": record.ended_at.isoformat() + "Z"} if record else None

        return request.make_json_response(
            {
                "stage": env["ipai.platform.stage"].current(),
                "phases": {str(phase.phase): phase.status for phase in env["ipai.platform.phase"].search([])},
                "backup": newest("ipai.platform.backup"),
                "restore_test": newest("ipai.platform.restore.test"),
                "drill": newest("ipai.platform.drill"),
            },
            headers=NO_STORE,
        )
