/** A range of versions of a product with a published hole. */
export interface Hole {
  /** As images and build arguments call it. */
  readonly product: string;
  /** First version that has it. */
  readonly from: string;
  /** First version that hasn't. */
  readonly below: string;
  /** Name in the source. */
  readonly id: string;
  readonly harm: string;
  readonly source: string;
  /** Day on which the source was read, `YYYY-MM-DD`. */
  readonly read: string;
}

const hole = (
  product: string,
  from: string,
  below: string,
  id: string,
  harm: string,
  source = "OSV and the CVE list",
): Hole => ({ product, from, below, id, harm, source, read: "2026-11-23" });

/** Holes in what the platform is made of, or will be. A version without one here may have one that nobody has entered. */
export const VULNERABLE: readonly Hole[] = [
  hole("caddy", "2.10.0", "2.11.2", "CVE-2026-30851", "clients forge the identity that forward_auth passes on"),
  hole(
    "caddy",
    "2.0.0",
    "2.11.2",
    "CVE-2026-27586",
    "client certificates are not asked for when the CA file is missing",
  ),
  hole("caddy", "2.0.0", "2.11.5", "CVE-2026-55458", "see the advisory"),
  hole("keycloak", "0", "25.0.6", "CVE-2024-8698", "a SAML signature counts for what it doesn't sign"),
  hole("oauth2-proxy", "0", "7.11.0", "CVE-2025-54576", "a query string passes for a path that needs no sign-on"),
  hole("odoo", "0", "12.0", "CVE-2018-15632", "anybody makes a database"),
  hole("odoo", "0", "16.0", "CVE-2021-45111", "any user loads demo data, with its passwords"),
  hole(
    "pgbackrest",
    "2.46",
    "2.52.1",
    "fixed in 2.52.1",
    "block incremental backups may not restore",
    "pgBackRest's release notes",
  ),
  hole("postgres", "16", "16.10", "CVE-2025-8715", "a restored dump runs code"),
  hole("postgres", "17", "17.6", "CVE-2025-8715", "a restored dump runs code"),
  hole("superset", "0", "2.1.0", "CVE-2023-27524", "the default key makes anybody an administrator"),
  hole("ttyd", "0", "1.7.4", "CVE-2021-34182", "a shell without a password, on every address"),
];

/** Products that have an entry: an image of one must say which version it is. */
export const PRODUCTS: ReadonlySet<string> = new Set(VULNERABLE.map(({ product }) => product));
