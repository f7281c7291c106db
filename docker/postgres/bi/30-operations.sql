-- Purchasing, stock and projects.

INSERT INTO bi_wanted (name, needs, mcp, says, query, columns) VALUES
('purchase_orders', '{public.purchase_order}', true,
 'Requests for quotation and purchase orders, one a row.',
 $q$
 SELECT o.name AS order_name, o.date_order AS ordered_at, date_trunc('month', o.date_order)::date AS month, o.date_planned AS expected_at,
        c.name AS company, p.name AS vendor, u.name AS buyer, o.state, o.state IN ('purchase', 'done') AS confirmed, o.invoice_status,
        cur.name AS order_currency, (o.amount_untaxed / coalesce(nullif(o.currency_rate, 0), 1))::numeric(16, 2) AS untaxed,
        (o.amount_total / coalesce(nullif(o.currency_rate, 0), 1))::numeric(16, 2) AS total
   FROM public.purchase_order o
   JOIN public.res_company c ON c.id = o.company_id
   JOIN public.res_partner p ON p.id = o.partner_id
   LEFT JOIN public.res_users ru ON ru.id = o.user_id
   LEFT JOIN public.res_partner u ON u.id = ru.partner_id
   LEFT JOIN public.res_currency cur ON cur.id = o.currency_id
 $q$,
 '{"order_name": "Number of the order", "ordered_at": "Order deadline (UTC)", "month": "First day of the month of ordered_at",
   "expected_at": "When the goods should arrive (UTC)", "company": "Company that buys", "vendor": "Vendor", "buyer": "Buyer",
   "state": "draft, sent, to approve, purchase, done or cancel", "confirmed": "Whether it is an order and no longer a request",
   "invoice_status": "no, to invoice or invoiced", "order_currency": "Currency of the order itself",
   "untaxed": "Amount without taxes, company currency", "total": "Amount with taxes, company currency"}'),

('stock_on_hand', '{public.stock_quant,public.stock_location,public.product_category}', true,
 'What lies in internal locations now, one product and location a row.',
 $q$
 SELECT {{pt.name}} AS product, pp.default_code AS sku, pc.complete_name AS category, c.name AS company,
        loc.complete_name AS location, {{u.name}} AS unit, sum(q.quantity) AS quantity, sum(q.reserved_quantity) AS reserved
   FROM public.stock_quant q
   JOIN public.stock_location loc ON loc.id = q.location_id AND loc.usage = 'internal'
   JOIN public.product_product pp ON pp.id = q.product_id
   JOIN public.product_template pt ON pt.id = pp.product_tmpl_id
   LEFT JOIN public.product_category pc ON pc.id = pt.categ_id
   LEFT JOIN public.uom_uom u ON u.id = pt.uom_id
   LEFT JOIN public.res_company c ON c.id = q.company_id
  GROUP BY pt.id, pp.id, pc.id, c.id, loc.id, u.id
 $q$,
 '{"product": "Product", "sku": "Internal reference of the product", "category": "Category of the product, with its parents",
   "company": "Company that owns it", "location": "Location, with its parents", "unit": "Unit of quantity and reserved",
   "quantity": "Quantity there", "reserved": "Quantity of it that is reserved for orders"}'),

('stock_transfers', '{public.stock_picking,public.stock_picking_type}', false,
 'Receipts, deliveries and internal transfers, one a row.',
 $q$
 SELECT k.name AS transfer, {{t.name}} AS operation, t.code AS kind, c.name AS company, p.name AS partner, k.origin, k.state,
        k.scheduled_date AS scheduled_at, k.date_done AS done_at, date_trunc('month', k.scheduled_date)::date AS month,
        k.state NOT IN ('done', 'cancel') AND k.scheduled_date < now() AS late
   FROM public.stock_picking k
   JOIN public.stock_picking_type t ON t.id = k.picking_type_id
   LEFT JOIN public.res_company c ON c.id = k.company_id
   LEFT JOIN public.res_partner p ON p.id = k.partner_id
 $q$,
 '{"transfer": "Number", "operation": "Type of operation", "kind": "incoming, outgoing, internal …", "company": "Company",
   "partner": "Customer or vendor", "origin": "Document that asked for it", "state": "draft, waiting, confirmed, assigned, done or cancel",
   "scheduled_at": "When it should happen (UTC)", "done_at": "When it happened (UTC)", "month": "First day of the month of scheduled_at",
   "late": "Whether it should have happened and has not"}'),

('project_tasks', '{public.project_task,public.project_project,public.project_task_type}', true,
 'Tasks of projects, one a row; private ones, which have no project, left out.',
 $q$
 SELECT t.name AS task, {{pr.name}} AS project, c.name AS company, {{s.name}} AS stage, t.state,
        t.state IN ('1_done', '1_canceled') AS closed, t.create_date AS created_at, t.date_deadline AS deadline_at, t.date_end AS ended_at,
        t.state NOT IN ('1_done', '1_canceled') AND t.date_deadline < now() AS late, t.priority, t.allocated_hours
   FROM public.project_task t
   JOIN public.project_project pr ON pr.id = t.project_id
   LEFT JOIN public.res_company c ON c.id = pr.company_id
   LEFT JOIN public.project_task_type s ON s.id = t.stage_id
  WHERE t.active
 $q$,
 '{"task": "Title", "project": "Project", "company": "Company of the project, where it has one", "stage": "Stage", "state": "01_in_progress, 02_changes_requested, 03_approved, 1_done, 1_canceled or 04_waiting_normal",
   "closed": "Whether it is done or cancelled", "created_at": "When it was made (UTC)", "deadline_at": "Deadline (UTC)", "ended_at": "When it was closed (UTC)",
   "late": "Whether it is open past its deadline", "priority": "0 normal to 3 urgent", "allocated_hours": "Hours planned"}'),

('project_hours', '{public.account_analytic_line,public.project_task,public.hr_employee}', false,
 'Hours that employees recorded on projects, by day and employee.',
 $q$
 SELECT l.date AS day, date_trunc('month', l.date)::date AS month, c.name AS company, {{pr.name}} AS project, t.name AS task,
        e.name AS employee, sum(l.unit_amount)::numeric(16, 2) AS hours
   FROM public.account_analytic_line l
   JOIN public.project_project pr ON pr.id = l.project_id
   LEFT JOIN public.project_task t ON t.id = l.task_id
   LEFT JOIN public.hr_employee e ON e.id = l.employee_id
   LEFT JOIN public.res_company c ON c.id = l.company_id
  GROUP BY l.date, c.id, pr.id, t.id, e.id
 $q$,
 '{"day": "Day", "month": "First day of the month", "company": "Company", "project": "Project", "task": "Task",
   "employee": "Employee", "hours": "Hours"}');
