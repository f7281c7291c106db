"""Tests Odoo modules, each on a clean database of its own."""
