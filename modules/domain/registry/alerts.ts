import { Diagnostic, diagnostic, isUnresolved, Path } from "../basics";
import { partitionOf, RegistryScope } from "../naming";

/**
 * Messages about what goes wrong in a registry: an Amazon EventBridge rule for each kind of event sends them to a topic of
 * Amazon SNS. ECR sends its events on a best-effort basis.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
 */
export interface Alerts {
  /**
   * The ARN of an existing topic in the registry's Region. The policies of the topic and of its key must allow
   * `events.amazonaws.com` to publish.
   *
   * @default - a topic is created, with a KMS key of its own, and policies that allow only these rules to publish
   */
  readonly topicArn?: string;
  /**
   * Whether images with critical findings are reported as well. With enhanced scanning, Amazon Inspector reports each
   * finding; with basic scanning, ECR reports each scan that has some.
   *
   * @default false
   */
  readonly criticalFindings?: boolean;
}

const TOPIC_ARN = /^arn:(aws[a-z-]*):sns:([a-z0-9-]+):\d{12}:[A-Za-z0-9_-]{1,256}$/;

/** Checks the alerts of a registry: EventBridge reaches topics of its own Region only. */
export function checkAlerts({ topicArn }: Alerts, { region }: RegistryScope, path: Path): Diagnostic[] {
  if (topicArn === undefined || isUnresolved(topicArn)) return [];
  const at = [...path, "topicArn"];
  const [, partition, topicRegion] = (typeof topicArn === "string" ? TOPIC_ARN.exec(topicArn) : null) ?? [];
  if (partition === undefined) {
    const fix = 'write e.g. "arn:aws:sns:us-east-1:111122223333:alerts", or leave it out to create a topic';
    const message = "must be the ARN of a standard topic of Amazon SNS";
    return [diagnostic({ path: at, message, value: topicArn, fix })];
  }
  if (isUnresolved(region) || (topicRegion === region && partition === partitionOf(region))) return [];
  const message = `must be in the registry's Region ${region}, but is in ${topicRegion!}`;
  return [diagnostic({ path: at, message, value: topicArn, fix: `name a topic in ${region}` })];
}
