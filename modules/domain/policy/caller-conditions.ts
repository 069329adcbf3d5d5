import { isIamVariable, templateParts } from "../basics";
import { Conditions, ConditionValues } from "./conditions";

/**
 * The operators that a request meets only by a value that it has. A negated operator, `…IfExists` and `ForAllValues` are
 * also met by a request without the key.
 */
const POSITIVE_OPERATORS: readonly string[] = [
  "ArnEquals",
  "ArnLike",
  "ForAnyValue:StringEquals",
  "ForAnyValue:StringLike",
  "StringEquals",
  "StringEqualsIgnoreCase",
  "StringLike",
];

/** What IAM fills in with the owner of the repository, and not with whatever the caller is. */
const OF_RESOURCE: readonly string[] = ["${aws:ResourceAccount}", "${aws:ResourceOrgID}", "${aws:ResourceOrgPaths}"];

const isOrganization = (value: string) => /^o-[a-z0-9]{10,32}$/.test(value);
const isPathInOrganization = (value: string) => /^o-[a-z0-9]{10,32}\//.test(value);
const isAccount = (value: string) => /^\d{12}$/.test(value);

/** Values that identify somebody, by the condition keys that say who calls; in lower case, since IAM ignores the case. */
type CallerKeys = Readonly<Record<string, (value: string) => boolean>>;

/** Keys of requests for which an AWS service calls ECR. */
const SERVICE_KEYS: CallerKeys = {
  "aws:sourceaccount": isAccount,
  "aws:sourcearn": isArnOfOwner,
  "aws:sourceorgid": isOrganization,
  "aws:sourceorgpaths": isPathInOrganization,
};

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
const CALLER_KEYS: CallerKeys = {
  ...SERVICE_KEYS,
  "aws:principalaccount": isAccount,
  "aws:principalarn": isArnOfOwner,
  "aws:principalorgid": isOrganization,
  "aws:principalorgpaths": isPathInOrganization,
  "aws:sourcevpc": (value) => /^vpc-[0-9a-f]{8,17}$/.test(value),
  "aws:sourcevpce": (value) => /^vpce-[0-9a-f]{8,17}$/.test(value),
  "aws:vpceaccount": isAccount,
  "aws:vpceorgid": isOrganization,
  "aws:vpceorgpaths": isPathInOrganization,
};

/**
 * Whether conditions identify the caller: the organization, the account, the VPC endpoint or the ARN. Without that, a
 * statement for everyone opens a repository to every AWS account, and one for a service to everybody who uses the
 * service. A source IP address does not identify anybody.
 */
export function identifyCaller(conditions: Conditions | undefined, kind: "everyone" | "service"): boolean {
  const keys = kind === "service" ? SERVICE_KEYS : CALLER_KEYS;
  return Object.entries(Object(conditions) as Conditions).some(([operator, values]) => {
    if (!POSITIVE_OPERATORS.includes(operator)) return false;
    return Object.entries(Object(values) as ConditionValues).some(([key, wanted]) => {
      const identifies = keys[key.toLowerCase()];
      const all: readonly unknown[] = [wanted].flat();
      return identifies !== undefined && all.length > 0 && all.every((one) => isIdentified(one, identifies));
    });
  });
}

function isIdentified(value: unknown, identifies: (value: string) => boolean): boolean {
  if (typeof value !== "string") return false;
  if (OF_RESOURCE.includes(value)) return true;
  const expressions = templateParts(value).filter(({ isExpression }) => isExpression);
  if (expressions.length === 0) return identifies(value);
  // What IAM fills in of the caller is met by every caller. What Terraform fills in cannot be known here.
  return !expressions.some(({ text }) => isIamVariable(text));
}

/** An ARN that names its account or, as the ARN of a bucket, has none and no wildcard. */
function isArnOfOwner(value: string): boolean {
  const [arn, partition = "", service = "", , account = "", ...resource] = value.split(":");
  if (arn !== "arn" || /[*?]/.test(partition + service)) return false;
  return isAccount(account) || (account === "" && !/[*?]/.test(value) && resource.join("") !== "");
}
