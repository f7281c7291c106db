import type * as Aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { aws } from "../aws-sdk.ts";
import { VaultAccess } from "./aws-access.ts";
import { VaultAlarms } from "./aws-alarms.ts";
import { VaultBucket } from "./aws-bucket.ts";
import { VaultReplica } from "./aws-replica.ts";
import { type AwsVaultArgs, type AwsVaultSettings, settleAwsVault } from "./aws-settings.ts";
import { vaultPolicy } from "./aws-statements.ts";
import type { AccessKeyFiles, Vault, VaultRegion } from "./vault.ts";

/**
 * The vault on AWS: in each of three regions or more a locked bucket that every backup is written to directly, with its
 * own key, logs and alarms; a writer that can't take back what it wrote, a reader, and an administrator who has to break
 * the glass. A copy in another account where one is wanted.
 */
export class AwsVault extends pulumi.ComponentResource implements Vault {
  readonly settings: AwsVaultSettings;
  readonly writer: AccessKeyFiles;
  readonly reader: AccessKeyFiles;
  readonly regions: readonly VaultRegion[];
  readonly ca = [];
  readonly ready = [];

  constructor(name: string, args: AwsVaultArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const settings = settleAwsVault(args);
    super("odoo-platform:backup:AwsVault", name, {}, opts);
    const { prefix } = args;
    const { principals, regions } = settings;
    this.settings = settings;
    this.regions = regions.map(({ region, bucket, lockDays }) => ({
      region,
      host: `s3.${region}.amazonaws.com`,
      port: 443,
      bucket,
      style: "host",
      lockDays,
    }));

    const trail = `arn:aws:cloudtrail:${regions[0]?.region ?? ""}:${settings.account}:trail/${prefix}-vault`;
    const vaults = regions.map((region, place) => {
      const provider = this.provider(region.region, region.account, args.deployRole);
      const vault = new VaultBucket(
        `${name}-${region.region}`,
        {
          settings: region,
          provider,
          breakGlass: principals.breakGlass,
          policy: vaultPolicy(region, principals),
          trail: settings.trail && place === 0 ? trail : undefined,
        },
        { parent: this },
      );
      new VaultAlarms(
        `${name}-alarms-${region.region}`,
        {
          prefix,
          vault,
          provider,
          breakGlass: principals.breakGlass,
          emails: settings.alarmEmails,
          deletesPerHour: settings.deletesPerHour,
        },
        { parent: this },
      );
      return { vault, provider };
    });
    const [first] = vaults;
    if (first === undefined) throw new Error("a vault without regions was let through");

    if (settings.trail) this.record(`${name}-trail`, `${prefix}-vault`, first);
    const access = new VaultAccess(
      `${name}-access`,
      { settings, provider: first.provider, keys: vaults.map(({ vault }) => vault.key.arn) },
      { parent: this },
    );
    if (settings.replica !== undefined) {
      const { of, ...replica } = settings.replica;
      const source = vaults.find(({ vault }) => vault.settings.region === of) ?? first;
      new VaultReplica(
        `${name}-replica`,
        {
          prefix,
          settings: replica,
          of: source.vault,
          provider: source.provider,
          elsewhere: this.provider(
            `replica-${replica.region}`,
            replica.account,
            args.replica?.deployRole,
            replica.region,
          ),
          principals,
        },
        { parent: this },
      );
    }
    this.writer = access.writer;
    this.reader = access.reader;
    this.registerOutputs({});
  }

  /** AWS in a region, with no other account's credentials. */
  private provider(name: string, account: string, role: string | undefined, region = name): Aws.Provider {
    return new aws.Provider(
      `aws-${name}`,
      {
        region: region as Aws.Region,
        allowedAccountIds: [account],
        ...(role === undefined ? {} : { assumeRoles: [{ roleArn: role, sessionName: "odoo-platform" }] }),
      },
      { parent: this },
    );
  }

  /** Records API calls of all regions: what alarms on changes listen to. */
  private record(
    name: string,
    trailName: string,
    first: { readonly vault: VaultBucket; readonly provider: Aws.Provider },
  ) {
    new aws.cloudtrail.Trail(
      name,
      {
        name: trailName,
        s3BucketName: first.vault.logs.bucket,
        s3KeyPrefix: "trail",
        isMultiRegionTrail: true,
        includeGlobalServiceEvents: true,
        enableLogFileValidation: true,
      },
      { parent: this, provider: first.provider, dependsOn: [first.vault.logPolicy] },
    );
  }
}
