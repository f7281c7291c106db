import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/** Plain decisions about a generated secret. */
export interface SecretSettings {
  /** Name of its file under /run/secrets. */
  readonly name: string;
  /** Letters and digits: 32 of 62 are 190 bits, and none needs quoting anywhere. */
  readonly length: number;
  /** Which value it is of those that it had: another generation is another value. */
  readonly generation: number;
}

export interface SecretArgs {
  /**
   * Its value comes from outside: what is generated stands in its place until somebody gives it, and is never made anew.
   * With Compose it is a file, `.platform/<stack>/secrets/<name>`; with Pulumi
   * `pulumi import random:index/randomPassword:RandomPassword <name> <value>`.
   *
   * @default false
   */
  readonly given?: boolean;
  /**
   * A whole number; one more makes the value anew, and with it every container that has the file.
   *
   * @default 1
   */
  readonly generation?: number;
}

/** A generated secret; reaches containers as a file only. */
export class Secret extends pulumi.ComponentResource {
  readonly settings: SecretSettings;
  readonly value: pulumi.Output<string>;

  constructor(
    name: string,
    opts: pulumi.ComponentResourceOptions = {},
    { given = false, generation = 1 }: SecretArgs = {},
  ) {
    super("odoo-platform:secret:Secret", name, {}, opts);
    this.settings = { name, length: 32, generation };
    const password = new random.RandomPassword(
      name,
      {
        ...{ length: this.settings.length, special: false },
        // Secrets of before had none, and stay what they are.
        ...(generation === 1 ? {} : { keepers: { generation: String(generation) } }),
      },
      { parent: this, ...(given ? { ignoreChanges: ["*"] } : {}) },
    );
    this.value = pulumi.secret(password.result);
    this.registerOutputs({ value: this.value });
  }
}
