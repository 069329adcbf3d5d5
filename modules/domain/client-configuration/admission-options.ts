import { Diagnostic, diagnostic, isUnresolved, Path } from "../basics";

/** What happens to images that are pinned by digest: they stay with their upstream, or come from the cache. */
export type DigestPolicy = "upstream" | "cache";

/** Choices for policies that rewrite the images of pods. */
export interface AdmissionOptions {
  /**
   * The namespaces whose pods are rewritten.
   *
   * @default - all namespaces, except `excludeNamespaces`
   */
  readonly namespaces?: readonly string[];
  /**
   * The namespaces whose pods keep their images.
   *
   * @default ["kube-system"] - the pods of the cluster itself must not depend on the cache
   */
  readonly excludeNamespaces?: readonly string[];
  /**
   * Labels that a namespace must have, so that teams can choose for themselves.
   *
   * @default - none
   */
  readonly namespaceLabels?: Readonly<Record<string, string>>;
  /**
   * What happens to images that are pinned by digest. ECR does not import an image at a first pull by digest, so
   * "cache" needs every digest to be cached already.
   *
   * @default "upstream"
   */
  readonly digests?: DigestPolicy;
}

const DEFAULT_EXCLUDED_NAMESPACES: readonly string[] = ["kube-system"];
const NAME_LABEL = "kubernetes.io/metadata.name";

const NAMESPACE = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const LABEL_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
const LABEL_PREFIX = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;

/**
 * Checks the choices for admission policies. The generators trust options that pass.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
 */
export function checkAdmissionOptions(options: AdmissionOptions, path: Path = []): Diagnostic[] {
  const { namespaces = [], excludeNamespaces = [], namespaceLabels = {}, digests } = options;
  return [
    ...namespaces.flatMap((name, index) => checkNamespace(name, [...path, "namespaces", index])),
    ...excludeNamespaces.flatMap((name, index) => checkNamespace(name, [...path, "excludeNamespaces", index])),
    ...checkOverlap(namespaces, excludeNamespaces, path),
    ...Object.entries(namespaceLabels).flatMap(([key, value]) => checkLabel(key, value, [...path, "namespaceLabels"])),
    ...checkDigests(digests, [...path, "digests"]),
  ];
}

/** The selector of namespaces, as YAML for `matchConstraints`; empty if every namespace is selected. */
export function namespaceSelector(options: AdmissionOptions): string {
  const { namespaces = [], namespaceLabels = {} } = options;
  const excluded =
    options.excludeNamespaces ?? DEFAULT_EXCLUDED_NAMESPACES.filter((name) => !namespaces.includes(name));
  const labels = Object.entries(namespaceLabels).map(([key, value]) => `        ${quote(key)}: ${quote(value)}\n`);
  const expressions = [
    ...expression("In", namespaces),
    // Names that are listed leave nothing to exclude.
    ...(namespaces.length > 0 ? [] : expression("NotIn", excluded)),
  ];
  if (labels.length + expressions.length === 0) return "";
  return [
    "    namespaceSelector:\n",
    ...(labels.length > 0 ? ["      matchLabels:\n", ...labels] : []),
    ...(expressions.length > 0 ? ["      matchExpressions:\n", ...expressions] : []),
  ].join("");
}

function expression(operator: "In" | "NotIn", values: readonly string[]): string[] {
  if (values.length === 0) return [];
  const entry = `        - key: ${NAME_LABEL}\n          operator: ${operator}\n          values: [${values.map(quote).join(", ")}]\n`;
  return [entry];
}

function quote(text: string): string {
  return JSON.stringify(text);
}

function checkNamespace(name: string, path: Path): Diagnostic[] {
  if (isUnresolved(name) || NAMESPACE.test(name)) return [];
  const message = "must be the name of a namespace: up to 63 lower-case letters, digits and hyphens";
  return [diagnostic({ path, message, value: name, fix: 'write e.g. "team-a"' })];
}

function checkOverlap(namespaces: readonly string[], excluded: readonly string[], path: Path): Diagnostic[] {
  return excluded.flatMap((value, index) => {
    if (!namespaces.includes(value)) return [];
    const message = "must not be one of namespaces";
    const fix = "remove it from one of the two";
    return [diagnostic({ path: [...path, "excludeNamespaces", index], message, value, fix })];
  });
}

function checkLabel(key: string, value: string, path: Path): Diagnostic[] {
  return [
    ...(isUnresolved(key) || isLabelKey(key)
      ? []
      : [
          diagnostic({
            path,
            message: "must have label keys of Kubernetes",
            value: key,
            fix: 'write e.g. "team" or "example.com/team"',
          }),
        ]),
    ...(isUnresolved(value) || value === "" || LABEL_NAME.test(value)
      ? []
      : [
          diagnostic({
            path: [...path, key],
            message: "must be a label value of Kubernetes: up to 63 letters, digits, dots, hyphens and underscores",
            value,
            fix: 'write e.g. "enabled"',
          }),
        ]),
  ];
}

function isLabelKey(key: string): boolean {
  const [name, prefix, ...rest] = key.split("/").reverse();
  return rest.length === 0 && LABEL_NAME.test(name!) && (prefix === undefined || LABEL_PREFIX.test(prefix));
}

function checkDigests(digests: DigestPolicy | undefined, path: Path): Diagnostic[] {
  if (digests === undefined || isUnresolved(digests) || digests === "upstream" || digests === "cache") return [];
  return [diagnostic({ path, message: "is not supported", value: digests, fix: 'write "upstream" or "cache"' })];
}
