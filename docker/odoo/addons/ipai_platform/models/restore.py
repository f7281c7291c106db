from odoo import api, fields, models

COLUMNS = (
    ("name", "id", "text"),
    ("region", "region", "text"),
    ("backup", "backup_id", "text"),
    ("started_at", "started_at", "time"),
    ("ended_at", "ended_at", "time"),
    ("holds", "holds", "bool"),
    ("rpo_seconds", "rpo_seconds", "float8"),
    ("rto_seconds", "rto_seconds", "float8"),
    ("detail", "detail", "text"),
)


class PlatformRestore(models.AbstractModel):
    _name = "ipai.platform.restore"
    _inherit = "ipai.platform.run"
    _description = "Restoration from a backup"
    _monitoring_columns = COLUMNS

    region = fields.Char(readonly=True)
    backup = fields.Char(readonly=True)
    holds = fields.Boolean(readonly=True)
    detail = fields.Text(readonly=True)
    state = fields.Selection(
        [("running", "Running"), ("holds", "Holds"), ("fails", "Does not hold")],
        compute="_compute_state",
    )
    rpo_seconds = fields.Float(readonly=True, string="RPO (seconds)", aggregator="max", help="Time of which data was lost.")
    rto_seconds = fields.Float(
        readonly=True, string="RTO (seconds)", aggregator="max", help="Time until it could be worked with again."
    )

    @api.depends("holds", "ended_at")
    def _compute_state(self):
        for record in self:
            ended = "holds" if record.holds else "fails"
            record.state = ended if record.ended_at else "running"


class PlatformRestoreTest(models.Model):
    _name = "ipai.platform.restore.test"
    _inherit = "ipai.platform.restore"
    _description = "Restore test"
    _auto = False
    _monitoring_table = "restore_tests"


class PlatformDrill(models.Model):
    _name = "ipai.platform.drill"
    _inherit = "ipai.platform.restore"
    _description = "Disaster recovery drill"
    _auto = False
    _monitoring_table = "drills"
