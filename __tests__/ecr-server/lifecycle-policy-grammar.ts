import Ajv from "ajv";
import { EcrError } from "./ecr-error";

/** The parts of a policy that rules are compared by. */
interface LifecycleRule {
  readonly rulePriority: number;
  readonly selection: {
    readonly tagStatus: string;
    readonly tagPrefixList?: readonly string[];
    readonly storageClass?: string;
  };
}

const LONGEST_TEXT = 30_720;
const PATTERN = { type: "string", pattern: "^(?:[^*]*\\*){0,4}[^*]*$", minLength: 1 };
const EXPIRE = {
  type: "object",
  required: ["type"],
  additionalProperties: false,
  properties: { type: { const: "expire" } },
};
const TRANSITION = {
  type: "object",
  required: ["type", "targetStorageClass"],
  additionalProperties: false,
  properties: { type: { const: "transition" }, targetStorageClass: { const: "archive" } },
};
const TAGGED = {
  properties: { tagStatus: { const: "tagged" } },
  oneOf: [{ required: ["tagPatternList"] }, { required: ["tagPrefixList"] }],
};
const NOT_TAGGED = {
  properties: { tagStatus: { enum: ["untagged", "any"] }, tagPatternList: false, tagPrefixList: false },
};

/** One of the four forms of a rule: what it counts says what else it may say. */
function ruleForm(countType: string, selection: object, required: readonly string[], actions: readonly object[]) {
  return {
    type: "object",
    required: ["rulePriority", "selection", "action"],
    additionalProperties: false,
    properties: {
      rulePriority: { type: "integer", minimum: 1 },
      description: { type: "string" },
      selection: {
        type: "object",
        required: ["tagStatus", "countType", "countNumber", ...required],
        additionalProperties: false,
        properties: {
          tagStatus: {},
          tagPatternList: { type: "array", minItems: 1, items: PATTERN },
          tagPrefixList: { type: "array", minItems: 1, items: { type: "string", minLength: 1 } },
          storageClass: { const: "standard" },
          countType: { const: countType },
          countNumber: { type: "integer", minimum: 1 },
          ...selection,
        },
        oneOf: [TAGGED, NOT_TAGGED],
      },
      action: { oneOf: actions },
    },
  };
}

const DAYS = { countUnit: { const: "days" } };
const ARCHIVED = { storageClass: { const: "archive" }, countNumber: { type: "integer", minimum: 90 } };
const SCHEMA = {
  type: "object",
  required: ["rules"],
  additionalProperties: false,
  properties: {
    rules: {
      type: "array",
      minItems: 1,
      maxItems: 50,
      items: {
        oneOf: [
          ruleForm("imageCountMoreThan", {}, [], [EXPIRE, TRANSITION]),
          ruleForm("sinceImagePushed", DAYS, ["countUnit"], [EXPIRE, TRANSITION]),
          ruleForm("sinceImagePulled", DAYS, ["countUnit"], [TRANSITION]),
          ruleForm("sinceImageTransitioned", { ...DAYS, ...ARCHIVED }, ["countUnit", "storageClass"], [EXPIRE]),
        ],
      },
    },
  },
};
const matchesSchema = new Ajv({ strict: false }).compile<{ rules: LifecycleRule[] }>(SCHEMA);

/**
 * Refuses what is not a lifecycle policy. It is written from AWS's documentation alone, so that it is a judge of the
 * library's own check and not an echo of it.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
 */
export function refuseLifecyclePolicy(policyText: string): void {
  if (policyText.length > LONGEST_TEXT) throw refusal(`the text is longer than ${LONGEST_TEXT}`);
  const policy = parse(policyText);
  if (!matchesSchema(policy)) throw refusal("instance failed to match exactly one schema (matched 0 out of 4)");
  const { rules } = policy;
  const priorities = rules.map(({ rulePriority }) => rulePriority);
  if (new Set(priorities).size < priorities.length) throw refusal("rule priorities must be unique");
  for (const storageClass of ["standard", "archive"]) {
    refuseTogether(rules.filter(({ selection }) => (selection.storageClass ?? "standard") === storageClass));
  }
}

/** What holds between the rules for one storage class. */
function refuseTogether(rules: readonly LifecycleRule[]): void {
  const highest = Math.max(...rules.map(({ rulePriority }) => rulePriority));
  const ofStatus = (status: string) => rules.filter(({ selection }) => selection.tagStatus === status);
  if (ofStatus("untagged").length > 1) throw refusal("only one rule may select untagged images");
  if (ofStatus("any").length > 1) throw refusal("only one rule may select any image");
  if (ofStatus("any").some(({ rulePriority }) => rulePriority < highest)) {
    throw refusal("a rule that selects any image must have the highest priority number");
  }
  const prefixes = rules.flatMap(({ selection }) => selection.tagPrefixList ?? []);
  if (new Set(prefixes).size < prefixes.length) throw refusal("tag prefixes must be unique across rules");
}

function parse(policyText: string): unknown {
  try {
    return JSON.parse(policyText);
  } catch {
    throw refusal("the text is not JSON");
  }
}

function refusal(reason: string): EcrError {
  const constraint = `Lifecycle policy validation failure: ${reason}`;
  const message = `Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: '${constraint}'`;
  return new EcrError("InvalidParameterException", message);
}
