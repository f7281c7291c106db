/** The smallest configuration that holds: every other setting has a default. */
export const MINIMAL = {
  stage: "development",
  domain: "localhost",
  edge: { httpsPort: 8443, httpPort: 8080 },
  postgres: { memoryMiB: 768, cpus: 2, maxConnections: 110 },
  odoo: { workers: 2, memoryMiB: 2048, cpus: 2, modules: ["base"] },
};

export interface Settings {
  readonly [key: string]: unknown;
}

/** As Pulumi hands settings to a program: under the project's name, scalars as text, the rest as JSON. */
export function asConfig(settings: Settings): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [`shop:${key}`, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}
