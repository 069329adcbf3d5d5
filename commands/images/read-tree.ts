import { parseImageReference } from "../../modules/domain";
import { FoundImage, foundAt, repositoryLength, unreadableAt } from "./found-image";
import { expandVariables, Lookup, rangeOf, sliceSource, SourceText } from "./source-text";
import { child, children, textOf, Tree } from "./tree";

/** What a map of YAML or JSON is. */
interface Format {
  readonly matches: (tree: Tree, fileName: string) => boolean;
  readonly read: (tree: Tree, text: string) => FoundImage[];
}

/** The formats, in the order in which they are tried. */
const FORMATS: readonly Format[] = [
  { matches: isKustomization, read: readKustomization },
  { matches: isKubernetes, read: readKubernetes },
  { matches: isWorkflow, read: readWorkflow },
  { matches: isCompose, read: readCompose },
  { matches: isGitLab, read: readGitLab },
];

/** The images of one document. One whose format is unknown can still have containers somewhere. */
export function readTree(tree: Tree, fileName: string, text: string): FoundImage[] {
  const format = FORMATS.find(({ matches }) => matches(tree, fileName));
  if (format !== undefined) return format.read(tree, text);
  if (tree.kind === "list" && tree.items().every((item) => textOf(item) !== undefined)) {
    return tree.items().flatMap((item) => readName(item));
  }
  return readContainers(tree);
}

/** A name without variables, except those that cannot be told. */
function readName(tree: Tree | undefined): FoundImage[] {
  return tree?.kind === "scalar" && typeof tree.value === "string" ? [readSource(tree.source)] : [];
}

function readSource(source: SourceText, lookup?: Lookup): FoundImage {
  const offset = source.offsets[0] ?? 0;
  if (source.text.includes("{{")) {
    const isWorkflow = source.text.includes("${{");
    const why = isWorkflow ? "it has an expression of a workflow" : "it is a template that is not rendered";
    return unreadableAt(source.text, offset, why);
  }
  const expanded = expandVariables(source, lookup ?? (() => undefined));
  if ("unknown" in expanded) {
    return unreadableAt(source.text, offset, `the variable ${expanded.unknown} has no value here`);
  }
  return { ...foundAt(expanded), offset };
}

// Kubernetes

function isKubernetes(tree: Tree): boolean {
  return textOf(child(tree, "apiVersion")) !== undefined && textOf(child(tree, "kind")) !== undefined;
}

/** The kinds whose content is data, not something that runs. */
const DATA_KINDS = ["ConfigMap", "Secret", "CustomResourceDefinition"];

function readKubernetes(tree: Tree): FoundImage[] {
  if (/List$/.test(textOf(child(tree, "kind")) ?? "") && child(tree, "items") !== undefined) {
    return children(child(tree, "items")).flatMap(readKubernetes);
  }
  return DATA_KINDS.includes(textOf(child(tree, "kind")) ?? "") ? [] : readContainers(tree);
}

/** Lists whose items run an image, and maps that do. */
const CONTAINERS =
  /^(?:container|containers|initContainers|ephemeralContainers|containerDefinitions|ContainerDefinitions)$/;
/** What says what is, not what is wanted. */
const SKIPPED = /^(?:status|metadata)$/;

/** The images of everything that runs one, wherever it is: pods, templates of pods, and what custom resources have. */
function readContainers(root: Tree): FoundImage[] {
  const seen = new Set<Tree>();
  const visit = (tree: Tree, isContainer: boolean): FoundImage[] => {
    if (seen.has(tree) || tree.kind === "scalar") return [];
    seen.add(tree);
    if (tree.kind === "list") return tree.items().flatMap((item) => visit(item, isContainer));
    return tree.entries().flatMap(([key, value]) => {
      if (SKIPPED.test(key)) return [];
      if (key === "image" || key === "Image") {
        // A volume of an image has a reference; what else is called an image is one only if it looks like it.
        if (value.kind === "map" && child(value, "reference") !== undefined) return readName(child(value, "reference"));
        if (value.kind === "scalar") return isContainer || looksLikeImage(value) ? readName(value) : [];
      }
      return visit(value, CONTAINERS.test(key));
    });
  };
  return visit(root, false);
}

/** A name with a tag, a digest or a host. */
function looksLikeImage(tree: Tree): boolean {
  const parsed = parseImageReference(textOf(tree) ?? "");
  if ("diagnostics" in parsed) return false;
  const { tag, digest, domain } = parsed.reference;
  return tag !== undefined || digest !== undefined || domain !== "docker.io";
}

// Kustomize

function isKustomization(tree: Tree, fileName: string): boolean {
  return (
    /^(?:Kustomization|Component)$/.test(textOf(child(tree, "kind")) ?? "") || /^kustomization\.ya?ml$/i.test(fileName)
  );
}

/** The images that a kustomization renames: by their new names, or by those that they have. */
function readKustomization(tree: Tree, text: string): FoundImage[] {
  return children(child(tree, "images")).flatMap((image): FoundImage[] => {
    const name = child(image, "name");
    const renamed = child(image, "newName");
    const named = renamed ?? name;
    if (named?.kind !== "scalar" || typeof named.value !== "string") return [];
    const [tag, digest] = [child(image, "newTag"), child(image, "digest")].map((one) =>
      one?.kind === "scalar" ? one.source.text : undefined,
    );
    const suffix = digest === undefined ? (tag === undefined ? "" : `:${tag}`) : `@${digest}`;
    const { source } = named;
    const found = readSource(source);
    const repository = source.text.slice(0, repositoryLength(source.text));
    const rename = (to: string) =>
      renamed === undefined ? insertAfter(source, `newName: ${to}`, text) : found.rename(to);
    return [{ ...found, name: suffix === "" ? source.text : `${repository}${suffix}`, rename }];
  });
}

/** A line after that of a value, indented as its key is; or in braces, another entry. */
function insertAfter(source: SourceText, entry: string, text: string) {
  const range = rangeOf(source);
  if (range === undefined) return undefined;
  const lineStart = text.lastIndexOf("\n", range.start - 1) + 1;
  const before = text.slice(lineStart, range.start);
  const quote = /^["']/.test(text.slice(range.end)) ? 1 : 0;
  if (/[{[]/.test(before)) return { start: range.end + quote, end: range.end + quote, text: `, ${entry}` };
  const lineEnd = /\r?\n|$/.exec(text.slice(range.end))!.index + range.end;
  const ending = text.includes("\r\n") ? "\r\n" : "\n";
  const indent = /^[\s-]*/.exec(before)![0].replace(/-/g, " ");
  return { start: lineEnd, end: lineEnd, text: `${ending}${indent}${entry}` };
}

// Compose

function isCompose(tree: Tree): boolean {
  const services = children(child(tree, "services"));
  return services.some((service) => child(service, "image") !== undefined || child(service, "build") !== undefined);
}

/** The images of services. Where a service is built here, its image is the result. */
function readCompose(tree: Tree): FoundImage[] {
  return children(child(tree, "services")).flatMap((service) => {
    if (child(service, "build") !== undefined) return [];
    const image = child(service, "image");
    return image?.kind === "scalar" && typeof image.value === "string"
      ? [readSource(image.source, () => undefined)]
      : [];
  });
}

// GitHub Actions

function isWorkflow(tree: Tree): boolean {
  const jobs = children(child(tree, "jobs"));
  const isJob = (job: Tree) => ["runs-on", "steps", "uses"].some((key) => child(job, key) !== undefined);
  return jobs.some(isJob) || textOf(child(child(tree, "runs"), "using")) !== undefined;
}

/** The images of jobs, of their services, and of steps and actions that run one. */
function readWorkflow(tree: Tree): FoundImage[] {
  const runs = child(tree, "runs");
  const jobs = children(child(tree, "jobs"));
  const steps = [...jobs, ...(runs === undefined ? [] : [runs])].flatMap((job) => children(child(job, "steps")));
  return [
    ...jobs.flatMap((job) => readImageOrName(child(job, "container"), "image")),
    ...jobs.flatMap((job) => children(child(job, "services")).flatMap((service) => readName(child(service, "image")))),
    ...steps.flatMap((step) => readDockerUrl(child(step, "uses"))),
    ...readDockerUrl(child(runs, "image")),
  ];
}

function readDockerUrl(tree: Tree | undefined): FoundImage[] {
  const scheme = "docker://";
  if (tree?.kind !== "scalar" || textOf(tree)?.startsWith(scheme) !== true) return [];
  return [readSource(sliceSource(tree.source, scheme.length))];
}

function readImageOrName(tree: Tree | undefined, key: string, lookup?: Lookup): FoundImage[] {
  const named = tree?.kind === "map" ? child(tree, key) : tree;
  return named?.kind === "scalar" && typeof named.value === "string" ? [readSource(named.source, lookup)] : [];
}

// GitLab CI

function isGitLab(tree: Tree, fileName: string): boolean {
  if (/gitlab-ci.*\.ya?ml$/i.test(fileName)) return true;
  return children(tree).some((job) => child(job, "script") !== undefined && job.kind === "map");
}

/** The images of jobs and of their services, with the variables of the file. */
function readGitLab(tree: Tree): FoundImage[] {
  const variables = child(tree, "variables");
  const lookup: Lookup = (name) => {
    const value = child(variables, name);
    const scalar = value?.kind === "map" ? child(value, "value") : value;
    return scalar?.kind === "scalar" ? scalar.source : undefined;
  };
  return [tree, ...children(tree)].flatMap((job) => [
    ...readImageOrName(child(job, "image"), "name", lookup),
    ...children(child(job, "services")).flatMap((service) => readImageOrName(service, "name", lookup)),
  ]);
}
