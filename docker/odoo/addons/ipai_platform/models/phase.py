from odoo import api, fields, models

TITLES = [
    "Platform Readiness",
    "Infrastructure Baseline",
    "Database Initialization",
    "CE + OCA Parity",
    "Odoo.sh Operational Parity",
    "Enterprise Extras",
    "Production Launch",
    "Operate & Learn",
]


class PlatformPhase(models.Model):
    _name = "ipai.platform.phase"
    _inherit = "ipai.platform.monitoring"
    _description = "Phase of the master plan"
    _order = "phase"
    _auto = False
    _monitoring_table = "gates"
    _monitoring_order = "phase"
    _monitoring_columns = (
        ("phase", "phase", "int4"),
        ("status", "status", "text"),
        ("passed", "passed", "int4"),
        ("total", "total", "int4"),
        ("decided_at", "at", "time"),
    )

    phase = fields.Integer(readonly=True, aggregator=None)
    status = fields.Selection(
        [("GO", "GO"), ("NO-GO", "NO-GO"), ("PARTIAL", "PARTIAL"), ("PENDING", "PENDING")],
        readonly=True,
    )
    passed = fields.Integer(readonly=True)
    total = fields.Integer(readonly=True)
    decided_at = fields.Datetime(readonly=True)
    name = fields.Char(compute="_compute_name")
    progress = fields.Float(compute="_compute_progress", string="Tasks that hold (%)")

    @api.depends("phase")
    def _compute_name(self):
        for record in self:
            title = TITLES[record.phase] if 0 <= record.phase < len(TITLES) else ""
            record.name = f"{record.phase} {title}".strip()

    @api.depends("passed", "total")
    def _compute_progress(self):
        for record in self:
            record.progress = 100 * record.passed / record.total if record.total else 0.0
