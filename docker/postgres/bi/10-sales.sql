-- Sales and the pipeline before them. Amounts in the company's currency, unless a column says otherwise.

INSERT INTO bi_wanted (name, needs, mcp, says, query, columns) VALUES
('sales_orders', '{public.sale_order,public.crm_team}', true,
 'Quotations and sales orders, one a row.',
 $q$
 SELECT o.name AS order_name, o.date_order AS ordered_at, date_trunc('month', o.date_order)::date AS month,
        c.name AS company, p.name AS customer, k.code AS country_code, {{t.name}} AS sales_team, u.name AS salesperson,
        o.state, o.state = 'sale' AS confirmed, o.invoice_status, cur.name AS order_currency,
        (o.amount_untaxed / coalesce(nullif(o.currency_rate, 0), 1))::numeric(16, 2) AS untaxed,
        (o.amount_total / coalesce(nullif(o.currency_rate, 0), 1))::numeric(16, 2) AS total
   FROM public.sale_order o
   JOIN public.res_company c ON c.id = o.company_id
   JOIN public.res_partner p ON p.id = o.partner_id
   LEFT JOIN public.res_country k ON k.id = p.country_id
   LEFT JOIN public.crm_team t ON t.id = o.team_id
   LEFT JOIN public.res_users ru ON ru.id = o.user_id
   LEFT JOIN public.res_partner u ON u.id = ru.partner_id
   LEFT JOIN public.res_currency cur ON cur.id = o.currency_id
 $q$,
 '{"order_name": "Number of the order", "ordered_at": "When it was confirmed, or written for a quotation (UTC)",
   "month": "First day of the month of ordered_at", "company": "Company that sells", "customer": "Customer",
   "country_code": "ISO code of the customer''s country", "sales_team": "Sales team", "salesperson": "Salesperson",
   "state": "draft, sent, sale or cancel", "confirmed": "Whether it is an order and no longer a quotation",
   "invoice_status": "no, to invoice, invoiced or upselling", "order_currency": "Currency of the order itself",
   "untaxed": "Amount without taxes, company currency", "total": "Amount with taxes, company currency"}'),

('sales_order_lines', '{public.sale_order,public.sale_order_line,public.product_category}', true,
 'Lines of confirmed sales orders, one a row; sections and notes left out.',
 $q$
 SELECT o.name AS order_name, o.date_order AS ordered_at, date_trunc('month', o.date_order)::date AS month,
        c.name AS company, p.name AS customer, {{pt.name}} AS product, pp.default_code AS sku,
        pc.complete_name AS category, l.product_uom_qty AS quantity, l.qty_delivered AS delivered,
        l.qty_invoiced AS invoiced,
        (l.price_subtotal / coalesce(nullif(o.currency_rate, 0), 1))::numeric(16, 2) AS untaxed
   FROM public.sale_order_line l
   JOIN public.sale_order o ON o.id = l.order_id
   JOIN public.res_company c ON c.id = o.company_id
   JOIN public.res_partner p ON p.id = o.partner_id
   LEFT JOIN public.product_product pp ON pp.id = l.product_id
   LEFT JOIN public.product_template pt ON pt.id = pp.product_tmpl_id
   LEFT JOIN public.product_category pc ON pc.id = pt.categ_id
  WHERE o.state = 'sale' AND l.display_type IS NULL
 $q$,
 '{"order_name": "Number of the order", "ordered_at": "When the order was confirmed (UTC)",
   "month": "First day of the month of ordered_at", "company": "Company that sells", "customer": "Customer",
   "product": "Product", "sku": "Internal reference of the product", "category": "Category of the product, with its parents",
   "quantity": "Quantity ordered", "delivered": "Quantity delivered", "invoiced": "Quantity invoiced",
   "untaxed": "Amount without taxes, company currency"}'),

('crm_pipeline', '{public.crm_lead,public.crm_stage,public.crm_team}', true,
 'Leads and opportunities, one a row; archived ones too, since lost opportunities are archived.',
 $q$
 SELECT l.name AS opportunity, l.type AS kind, l.create_date AS created_at, date_trunc('month', l.create_date)::date AS month,
        c.name AS company, p.name AS customer, {{s.name}} AS stage, s.sequence AS stage_order, coalesce(s.is_won, false) AS won,
        NOT l.active AS lost, {{t.name}} AS sales_team, u.name AS salesperson, l.date_deadline AS expected_closing,
        l.probability, l.expected_revenue::numeric(16, 2) AS expected_revenue,
        l.prorated_revenue::numeric(16, 2) AS prorated_revenue
   FROM public.crm_lead l
   LEFT JOIN public.res_company c ON c.id = l.company_id
   LEFT JOIN public.res_partner p ON p.id = l.partner_id
   LEFT JOIN public.crm_stage s ON s.id = l.stage_id
   LEFT JOIN public.crm_team t ON t.id = l.team_id
   LEFT JOIN public.res_users ru ON ru.id = l.user_id
   LEFT JOIN public.res_partner u ON u.id = ru.partner_id
 $q$,
 '{"opportunity": "Title", "kind": "lead or opportunity", "created_at": "When it was made (UTC)",
   "month": "First day of the month of created_at", "company": "Company, where it has one", "customer": "Customer, where known",
   "stage": "Stage of the pipeline", "stage_order": "Position of the stage", "won": "Whether the stage means won",
   "lost": "Whether it is archived, which losing does", "sales_team": "Sales team", "salesperson": "Salesperson",
   "expected_closing": "Day on which it should close", "probability": "Probability of winning, percent",
   "expected_revenue": "Revenue if won, company currency", "prorated_revenue": "Revenue times probability, company currency"}');
