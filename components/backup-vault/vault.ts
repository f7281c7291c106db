import type { SecretFile } from "../secret-files.ts";
import type { Mount, Service } from "../service.ts";

/** One region of a vault, as whoever writes or reads backups reaches it. */
export interface VaultRegion {
  readonly region: string;
  readonly host: string;
  readonly port: number;
  readonly bucket: string;
  /** How the bucket is named in a URL: as its first folder, or before the host. */
  readonly style: "path" | "host";
  /** File in the container with the certificate to trust; absent where public authorities vouch. */
  readonly caFile?: string;
  /** Days for which nobody deletes a version. */
  readonly lockDays: number;
}

/** An access key, as files under /run/secrets: `vault-<role>-id` and `vault-<role>-secret`. */
export interface AccessKeyFiles {
  readonly id: SecretFile;
  readonly secret: SecretFile;
}

/** What every vault gives to those who use it, wherever it is. */
export interface Vault {
  readonly regions: readonly VaultRegion[];
  /** Adds, reads and hides objects; deletes no version, touches no lock. */
  readonly writer: AccessKeyFiles;
  /** Reads, hidden versions too. */
  readonly reader: AccessKeyFiles;
  /** The certificates to trust, where it has its own. */
  readonly ca: readonly Mount[];
  /** What must be there before it can be written to. */
  readonly ready: readonly Service[];
}
