from odoo import api, fields, models
from odoo.tools import SQL


class PlatformMonitoring(models.AbstractModel):
    """A table of schema `monitoring`, which the platform writes and Odoo only reads.

    The schema may come after this module, or never: then there are no records. So the
    table is looked for at each query, and no view that could go stale is kept.
    """

    _name = "ipai.platform.monitoring"
    _description = "Record of the platform"

    #: Table of schema `monitoring`, and its columns that fields are read from, with
    #: their types in PostgreSQL. The first one tells records apart and gives the order.
    _monitoring_table = None
    _monitoring_columns = ()
    _monitoring_order = "id"

    @api.model
    def _monitoring_there(self):
        table = f"monitoring.{self._monitoring_table}"
        self.env.cr.execute(
            "SELECT to_regclass(%s) IS NOT NULL AND has_table_privilege(to_regclass(%s), 'SELECT')",
            (table, table),
        )
        return bool(self.env.cr.fetchone()[0])

    @property
    def _table_query(self):
        columns = self._monitoring_columns
        if self._monitoring_table and self._monitoring_there():
            read = SQL(", ").join(
                SQL("%s AS %s", self._monitoring_read(source, kind), SQL.identifier(name))
                for name, source, kind in columns
            )
            # Rows are added at the end, so numbers stay with their rows.
            return SQL(
                "SELECT row_number() OVER (ORDER BY %s)::int AS id, %s FROM %s",
                SQL(self._monitoring_order),
                read,
                SQL.identifier("monitoring", self._monitoring_table),
            )
        nothing = SQL(", ").join(
            SQL("NULL::%s AS %s", SQL(self._monitoring_type(kind)), SQL.identifier(name)) for name, _source, kind in columns
        )
        return SQL("SELECT NULL::int AS id, %s WHERE FALSE", nothing)

    @staticmethod
    def _monitoring_read(source, kind):
        # Odoo keeps times without a zone, in UTC.
        if kind == "time":
            return SQL("%s AT TIME ZONE 'UTC'", SQL.identifier(source))
        return SQL("%s::%s", SQL.identifier(source), SQL(kind))

    @staticmethod
    def _monitoring_type(kind):
        return "timestamp" if kind == "time" else kind


class PlatformRun(models.AbstractModel):
    """What began, and may have ended."""

    _name = "ipai.platform.run"
    _inherit = "ipai.platform.monitoring"
    _description = "Run of the platform"
    _order = "started_at desc, id desc"
    _monitoring_order = "started_at, id"

    name = fields.Char(string="Reference", readonly=True)
    started_at = fields.Datetime(readonly=True)
    ended_at = fields.Datetime(readonly=True)
    minutes = fields.Float(compute="_compute_minutes", string="Duration (minutes)")

    @api.depends("started_at", "ended_at")
    def _compute_minutes(self):
        for record in self:
            ended, started = record.ended_at, record.started_at
            record.minutes = (ended - started).total_seconds() / 60 if ended and started else 0.0
