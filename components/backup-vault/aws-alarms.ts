import type * as Aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { aws } from "../aws-sdk.ts";
import type { VaultBucket } from "./aws-bucket.ts";
import { document } from "./aws-statements.ts";

export interface VaultAlarmsArgs {
  readonly prefix: string;
  readonly vault: VaultBucket;
  readonly provider: Aws.Provider;
  /** ARN of the role whose use is told. */
  readonly breakGlass: string;
  readonly emails: readonly string[];
  /** Deletions in an hour that are more than retention ever makes. */
  readonly deletesPerHour: number;
}

/** Refusals in an hour that no healthy job meets: somebody tries what his key may not. */
const REFUSALS_PER_HOUR = 20;

/** What is told at once of a vault's region, by e-mail: changes of its buckets, its key's end, deletions. */
export class VaultAlarms extends pulumi.ComponentResource {
  readonly topic: Aws.sns.Topic;

  constructor(name: string, args: VaultAlarmsArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("odoo-platform:backup:VaultAlarms", name, {}, opts);
    const { prefix, vault, provider, emails } = args;
    const { account, region, bucket } = vault.settings;
    const child = { parent: this, provider };

    // Not encrypted with the vault's key: that the key is being ended is among what it tells.
    const topic = new aws.sns.Topic(name, { name: `${prefix}-vault-alarms`, region }, child);
    const topicArn = `arn:aws:sns:${region}:${account}:${prefix}-vault-alarms`;
    const publishes = (service: string) => ({
      Effect: "Allow" as const,
      Principal: { Service: `${service}.amazonaws.com` },
      Action: "sns:Publish",
      Resource: topicArn,
    });
    const opened = new aws.sns.TopicPolicy(
      name,
      {
        arn: topic.arn,
        policy: document([
          // EventBridge says not for whom it publishes.
          { Sid: "Events", ...publishes("events") },
          {
            Sid: "Alarms",
            ...publishes("cloudwatch"),
            Condition: { StringEquals: { "aws:SourceAccount": account } },
          },
        ]),
      },
      child,
    );
    for (const [place, endpoint] of emails.entries())
      new aws.sns.TopicSubscription(`${name}-${place}`, { topic: topic.arn, protocol: "email", endpoint }, child);

    for (const [what, { description, pattern }] of Object.entries(eventsOf(args))) {
      const rule = new aws.cloudwatch.EventRule(
        `${name}-${what}`,
        { name: `${prefix}-vault-${what}`, description, eventPattern: pattern },
        child,
      );
      new aws.cloudwatch.EventTarget(
        `${name}-${what}`,
        { rule: rule.name, arn: topic.arn },
        { ...child, dependsOn: [opened] },
      );
    }

    new aws.s3.BucketMetric(name, { bucket: vault.bucket.bucket, name: "EntireBucket" }, child);
    for (const { what, metricName, threshold, alarmDescription } of floods(args.deletesPerHour)) {
      new aws.cloudwatch.MetricAlarm(
        `${name}-${what}`,
        {
          name: `${prefix}-vault-${what}`,
          alarmDescription,
          namespace: "AWS/S3",
          metricName,
          dimensions: { BucketName: bucket, FilterId: "EntireBucket" },
          statistic: "Sum",
          period: 3600,
          evaluationPeriods: 1,
          threshold,
          comparisonOperator: "GreaterThanThreshold",
          treatMissingData: "notBreaching",
          alarmActions: [topic.arn],
        },
        child,
      );
    }
    this.topic = topic;
    this.registerOutputs({});
  }
}

/** What a flood of requests looks like. */
function floods(deletesPerHour: number) {
  return [
    {
      what: "deletes",
      metricName: "DeleteRequests",
      threshold: deletesPerHour,
      alarmDescription: "More deletions in an hour than retention makes: docs/DR_RUNBOOK.md, ransomware",
    },
    {
      what: "refusals",
      metricName: "4xxErrors",
      threshold: REFUSALS_PER_HOUR,
      alarmDescription: "Somebody tries what his key may not, or a job lost a right",
    },
  ];
}

/** Events that are told, with patterns as EventBridge reads them. */
function eventsOf({ vault, breakGlass }: VaultAlarmsArgs): {
  readonly [what: string]: { readonly description: string; readonly pattern: pulumi.Input<string> };
} {
  const { bucket, logBucket } = vault.settings;
  const call = (service: string, detail: object) =>
    JSON.stringify({
      source: [`aws.${service}`],
      "detail-type": ["AWS API Call via CloudTrail"],
      detail: { eventSource: [`${service}.amazonaws.com`], ...detail },
    });
  return {
    changed: {
      description: "Policy, versioning, lock, encryption, life cycle, logging or public access of a bucket was changed",
      pattern: call("s3", {
        eventName: [
          "PutBucket",
          "DeleteBucket",
          "PutObjectLock",
          "PutLifecycle",
          "PutPublicAccess",
          "DeletePublicAccess",
        ].map((prefix) => ({ prefix })),
        requestParameters: { bucketName: [bucket, logBucket] },
      }),
    },
    deleted: {
      // What retention deletes becomes a marker first, and goes by the life cycle.
      description: "A version was deleted for good by a request",
      pattern: JSON.stringify({
        source: ["aws.s3"],
        "detail-type": ["Object Deleted"],
        detail: {
          bucket: { name: [bucket, logBucket] },
          reason: ["DeleteObject"],
          "deletion-type": ["Permanently Deleted"],
        },
      }),
    },
    key: {
      description: "The key without which no backup can be read was changed, disabled, or is to be deleted",
      pattern: vault.key.arn.apply((arn) =>
        call("kms", {
          eventName: ["ScheduleKeyDeletion", "DisableKey", "DisableKeyRotation", "PutKeyPolicy"],
          resources: { ARN: [arn] },
        }),
      ),
    },
    "break-glass": {
      description: "Somebody became the vault's administrator",
      pattern: call("sts", { eventName: ["AssumeRole"], requestParameters: { roleArn: [breakGlass] } }),
    },
  };
}
