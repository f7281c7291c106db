{
    "name": "Platform Sign-on",
    "summary": "People sign on once, at the platform's issuer of identities, with roles from there",
    "version": "19.0.1.0.0",
    "category": "Administration",
    "author": "Odoo Platform",
    "website": "https://odoo-platform.example.com",
    "license": "AGPL-3",
    "depends": ["auth_oidc", "ipai_platform"],
    "data": ["data/provider.xml"],
    "post_init_hook": "close_other_ways",
}
