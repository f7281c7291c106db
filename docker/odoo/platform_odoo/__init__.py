"""Starts Odoo in a container: settings from the environment, secrets from files, nothing written outside tmpfs."""
