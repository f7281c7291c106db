import json

from odoo import api, fields, models


class PlatformPromotion(models.Model):
    _name = "ipai.platform.promotion"
    _inherit = "ipai.platform.run"
    _description = "Promotion from stage to stage"
    _auto = False
    _monitoring_table = "promotions"
    _monitoring_columns = (
        ("name", "id", "text"),
        ("from_stage", "from_stage", "text"),
        ("to_stage", "to_stage", "text"),
        ("who", "who", "text"),
        ("commit", "commit", "text"),
        ("status", "status", "text"),
        ("started_at", "started_at", "time"),
        ("ended_at", "ended_at", "time"),
        ("detail", "detail", "text"),
    )

    from_stage = fields.Char(readonly=True, string="From")
    to_stage = fields.Char(readonly=True, string="To")
    who = fields.Char(readonly=True)
    commit = fields.Char(readonly=True)
    status = fields.Char(readonly=True)
    detail = fields.Text(readonly=True)


class PlatformUpdate(models.Model):
    _name = "ipai.platform.update"
    _inherit = "ipai.platform.run"
    _description = "Update of modules"
    _auto = False
    _monitoring_table = "updates"
    _monitoring_columns = (
        ("name", "id", "text"),
        ("who", "who", "text"),
        ("commit", "commit", "text"),
        ("modules_json", "modules", "text"),
        ("status", "status", "text"),
        ("started_at", "started_at", "time"),
        ("ended_at", "ended_at", "time"),
        ("closed_seconds", "closed_seconds", "float8"),
        ("detail", "detail", "text"),
    )

    who = fields.Char(readonly=True)
    commit = fields.Char(readonly=True)
    modules_json = fields.Text(string="Modules (JSON)", readonly=True)
    modules = fields.Char(compute="_compute_modules")
    status = fields.Char(readonly=True)
    closed_seconds = fields.Float(string="Closed (seconds)", readonly=True)
    detail = fields.Text(readonly=True)

    @api.depends("modules_json")
    def _compute_modules(self):
        for update in self:
            update.modules = ", ".join(json.loads(update.modules_json or "[]"))


class PlatformClone(models.Model):
    _name = "ipai.platform.clone"
    _inherit = "ipai.platform.run"
    _description = "Copy of another stage"
    _auto = False
    _monitoring_table = "clones"
    _monitoring_columns = (
        ("name", "id", "text"),
        ("from_stage", "from_stack", "text"),
        ("backup", "backup_id", "text"),
        ("region", "region", "text"),
        ("who", "who", "text"),
        ("anonymised", "anonymised", "bool"),
        ("started_at", "started_at", "time"),
        ("ended_at", "ended_at", "time"),
        ("detail", "detail", "text"),
    )

    from_stage = fields.Char(readonly=True, string="From")
    backup = fields.Char(readonly=True)
    region = fields.Char(readonly=True)
    who = fields.Char(readonly=True)
    anonymised = fields.Boolean(readonly=True)
    detail = fields.Text(readonly=True)


class PlatformSession(models.Model):
    _name = "ipai.platform.session"
    _inherit = "ipai.platform.run"
    _description = "Session of an operator"
    _auto = False
    _monitoring_table = "sessions"
    _monitoring_columns = (
        ("name", "id", "text"),
        ("who", "who", "text"),
        ("kind", "kind", "text"),
        ("stage", "stage", "text"),
        ("started_at", "started_at", "time"),
        ("ended_at", "ended_at", "time"),
        ("recording", "recording", "text"),
    )

    who = fields.Char(readonly=True)
    kind = fields.Char(readonly=True)
    stage = fields.Char(readonly=True)
    recording = fields.Char(readonly=True)
