from odoo import fields, models


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
