import { z } from "zod";

const imageByDigest = z
  .string()
  .regex(/^[^\s@]+@sha256:[0-9a-f]{64}$/, "must be an image by digest: name:tag@sha256:<64 hexadecimal digits>");

/** Where images come from. */
export const images = z.strictObject({
  /**
   * `registry`: bases are pulled by digest. `debian`: they are built from Debian's packages alone. `auto`: what was
   * found on this machine by `platform up` or `platform images`, else `registry`.
   *
   * @default "auto"
   */
  source: z.enum(["auto", "registry", "debian"]).default("auto"),
  /** Base of all images but Odoo's, by digest. */
  debianBase: imageByDigest.default(
    "debian:trixie-slim@sha256:d7e12182ce18b85b93007c1dedf31f2d29e01ccf3182cc4017c709b6259bc132",
  ),
  /** Base of Odoo's image, by digest. */
  odooBase: imageByDigest.default("odoo:19.0@sha256:4f2c0806459de9df877f206d8f1886b673c1c452354d75d17366ffcad2208f68"),
});
