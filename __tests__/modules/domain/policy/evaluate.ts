import { PolicyDocument, PolicyStatement, renderPolicyDocument } from "../../../../modules/domain/policy";

/** A request as IAM sees it: what is asked, and the keys that it knows of the caller. A missing key is absent. */
export interface Request {
  readonly action: string;
  readonly context: Readonly<Record<string, string>>;
}

type Lists = Readonly<Record<string, string | string[]>>;

/**
 * What a resource policy says to a request, by IAM's rules: a denial wins, and all operators and keys of a statement
 * must match. It knows the operators of the generated policies only.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluate(document: PolicyDocument | undefined, request: Request): "Allow" | "Deny" | "nothing" {
  if (document === undefined) return "nothing";
  const { Statement } = JSON.parse(renderPolicyDocument(document)) as PolicyDocument;
  const effects = Statement.filter((statement) => applies(statement, request)).map(({ Effect }) => Effect);
  if (effects.includes("Deny")) return "Deny";
  return effects.includes("Allow") ? "Allow" : "nothing";
}

function applies({ Principal, Action, Condition = {} }: PolicyStatement, { action, context }: Request): boolean {
  return (
    list(Action).includes(action) &&
    (Principal === "*" || names(Principal as Lists, context)) &&
    Object.entries(Condition as Record<string, Lists>).every(([operator, keys]) =>
      Object.entries(keys).every(([key, values]) => matches(operator, list(values), context[key])),
    )
  );
}

function names(principal: Lists, context: Request["context"]): boolean {
  const aws = list(principal.AWS ?? []);
  const isAccount = (arn: string) => arn.endsWith(`:iam::${context["aws:PrincipalAccount"]}:root`);
  return (
    aws.some((arn) => arn === context["aws:PrincipalArn"] || isAccount(arn)) ||
    list(principal.Service ?? []).includes(context["aws:PrincipalServiceName"] ?? "")
  );
}

function matches(operator: string, values: readonly string[], actual: string | undefined): boolean {
  const like = () => values.some((value) => actual !== undefined && pattern(value).test(actual));
  switch (operator) {
    case "ArnLike":
    case "ForAnyValue:StringLike":
      return like();
    case "ArnNotLike":
    case "ForAllValues:StringNotLike":
      return !like();
    case "StringEquals":
      return actual !== undefined && values.includes(actual);
    case "StringNotEquals":
      return actual === undefined || !values.includes(actual);
    case "BoolIfExists":
      return actual === undefined || values.includes(actual);
    default:
      throw new Error(`the evaluator does not know ${operator}`);
  }
}

function pattern(value: string): RegExp {
  return new RegExp(
    `^${value
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
  );
}

function list(value: string | readonly string[]): readonly string[] {
  return typeof value === "string" ? [value] : value;
}
