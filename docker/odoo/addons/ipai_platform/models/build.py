from odoo import fields, models


class PlatformBuild(models.Model):
    _name = "ipai.platform.build"
    _inherit = "ipai.platform.run"
    _description = "Build of a branch"
    _auto = False
    _monitoring_table = "builds"
    _monitoring_columns = (
        ("name", "id", "text"),
        ("branch", "branch", "text"),
        ("commit", "commit", "text"),
        ("status", "status", "text"),
        ("started_at", "started_at", "time"),
        ("ended_at", "ended_at", "time"),
        ("coverage", "coverage", "float8"),
        ("url", "url", "text"),
        ("detail", "detail", "text"),
    )

    branch = fields.Char(readonly=True)
    commit = fields.Char(readonly=True)
    status = fields.Selection(
        [("running", "Running"), ("green", "Green"), ("yellow", "Yellow"), ("red", "Red")],
        readonly=True,
    )
    coverage = fields.Float(readonly=True, string="Coverage (%)", aggregator="avg")
    url = fields.Char(readonly=True, string="Address")
    detail = fields.Text(readonly=True)
