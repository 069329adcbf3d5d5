import { Registry, resolveRegistry } from "../registry";
import { EventPattern } from "./planned-resource";

/** An EventBridge rule, and the message that it sends. */
export interface AlertRule {
  /** Its part of the address and of the rule's name. */
  readonly id: string;
  readonly description: string;
  readonly pattern: EventPattern;
  /** Where the message finds its values, by the names that it has for them. */
  readonly inputPaths: Readonly<Record<string, string>>;
  /** The lines of the message, in which `<name>` stands for a value. */
  readonly lines: readonly string[];
}

/**
 * Failed imports. Only `SUCCESS` is documented as a status, so everything else is a failure.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
 */
const FAILED_IMPORTS: AlertRule = {
  id: "failed-imports",
  description: "ECR could not import an image through a pull through cache",
  pattern: {
    source: ["aws.ecr"],
    "detail-type": ["ECR Pull Through Cache Action"],
    detail: { "sync-status": [{ "anything-but": "SUCCESS" }] },
  },
  inputPaths: {
    account: "$.account",
    region: "$.region",
    time: "$.time",
    status: "$.detail.sync-status",
    prefix: "$.detail.ecr-repository-prefix",
    repository: "$.detail.repository-name",
    upstream: "$.detail.upstream-registry-url",
    tag: "$.detail.image-tag",
    digest: "$.detail.image-digest",
    code: "$.detail.failure-code",
    reason: "$.detail.failure-reason",
  },
  lines: [
    "ECR could not import an image (<status>).",
    "Cache: <prefix>, of <upstream>",
    "Image: <repository>, tag <tag>, digest <digest>",
    "Failure: <code>: <reason>",
    "Registry: account <account>, Region <region>, <time>",
  ],
};

/** Scans of ECR itself that found something critical. */
const BASIC_FINDINGS: AlertRule = {
  id: "critical-findings",
  description: "A basic scan found critical vulnerabilities in an image",
  pattern: {
    source: ["aws.ecr"],
    "detail-type": ["ECR Image Scan"],
    detail: { "finding-severity-counts": { CRITICAL: [{ numeric: [">", 0] }] } },
  },
  inputPaths: {
    account: "$.account",
    region: "$.region",
    repository: "$.detail.repository-name",
    tags: "$.detail.image-tags",
    digest: "$.detail.image-digest",
    count: "$.detail.finding-severity-counts.CRITICAL",
  },
  lines: [
    "A scan found critical vulnerabilities: <count>.",
    "Image: <repository>, tags <tags>, digest <digest>",
    "Registry: account <account>, Region <region>",
  ],
};

/**
 * Critical findings of Amazon Inspector in images.
 *
 * @see https://docs.aws.amazon.com/inspector/latest/user/eventbridge-integration.html
 */
const ENHANCED_FINDINGS: AlertRule = {
  id: "critical-findings-inspector",
  description: "Amazon Inspector found a critical vulnerability in an image",
  pattern: {
    source: ["aws.inspector2"],
    "detail-type": ["Inspector2 Finding"],
    detail: {
      severity: ["CRITICAL"],
      status: ["ACTIVE"],
      resources: { type: ["AWS_ECR_CONTAINER_IMAGE"] },
    },
  },
  inputPaths: {
    account: "$.account",
    region: "$.region",
    title: "$.detail.title",
    image: "$.detail.resources[0].id",
    finding: "$.detail.findingArn",
  },
  lines: [
    "Amazon Inspector found a critical vulnerability: <title>",
    "Image: <image>",
    "Finding: <finding>",
    "Registry: account <account>, Region <region>",
  ],
};

/** The rules of a registry's alerts. Where the type of scanning is not known here, there is a rule for each. */
export function alertRules(registry: Registry): readonly AlertRule[] {
  const { alerts } = registry;
  if (alerts === undefined) return [];
  if (alerts.criticalFindings !== true) return [FAILED_IMPORTS];
  const type = resolveRegistry(registry).scanning?.type;
  return [
    FAILED_IMPORTS,
    ...(type === "ENHANCED" ? [] : [BASIC_FINDINGS]),
    ...(type === "BASIC" ? [] : [ENHANCED_FINDINGS]),
  ];
}

/** EventBridge wants each line of a text in quotes. */
export function inputTemplate({ lines }: AlertRule): string {
  return lines.map((line) => `"${line}"`).join("\n");
}
