-- Inside Keycloak's own database: its owner, and nobody else.
REVOKE ALL ON SCHEMA public FROM PUBLIC;
