import json

from odoo import api, fields, models

MEBIBYTE = 1024 * 1024


class PlatformBackup(models.Model):
    _name = "ipai.platform.backup"
    _inherit = "ipai.platform.run"
    _description = "Backup"
    _auto = False
    _monitoring_table = "backups"
    _monitoring_columns = (
        ("name", "id", "text"),
        ("kind", "kind", "text"),
        ("started_at", "started_at", "time"),
        ("ended_at", "ended_at", "time"),
        ("status", "status", "text"),
        ("regions_json", "regions", "text"),
        ("size_bytes", "size_bytes", "float8"),
        ("detail", "detail", "text"),
    )

    kind = fields.Char(readonly=True)
    status = fields.Selection([("ok", "OK"), ("degraded", "Degraded"), ("failed", "Failed")], readonly=True)
    regions_json = fields.Text(readonly=True)
    detail = fields.Text(readonly=True)
    regions = fields.Char(compute="_compute_regions")
    # A number without limit: an integer of Odoo ends at 2 GiB.
    size_bytes = fields.Float(readonly=True, digits=(20, 0), string="Size (bytes)")
    size_mib = fields.Float(compute="_compute_size_mib", digits=(16, 1), string="Size (MiB)")

    @api.depends("regions_json")
    def _compute_regions(self):
        for record in self:
            try:
                told = json.loads(record.regions_json or "{}")
            except ValueError:
                told = {}
            record.regions = ", ".join(sorted(told)) if isinstance(told, dict) else ", ".join(map(str, told))

    @api.depends("size_bytes")
    def _compute_size_mib(self):
        for record in self:
            record.size_mib = record.size_bytes / MEBIBYTE
