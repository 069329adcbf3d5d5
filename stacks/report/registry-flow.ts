import { describeMutability, repositoriesUnder, upstreamRegistryUrl } from "../../modules/domain";
import { printable } from "../../modules/domain/basics/printable";
import { RegistryView } from "../../modules/domain";

/** One box of the diagram. */
export interface FlowNode {
  readonly id: string;
  readonly kind: "upstream" | "rule" | "template" | "repositories";
  readonly lines: readonly string[];
}

/** An arrow between two boxes, from and to by id. */
export interface FlowEdge {
  readonly from: string;
  readonly to: string;
}

/** The way of an image: from its upstream by a rule, and by a template into a repository. */
export interface RegistryFlow {
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
}

/** Draws the ways that images take into a registry. */
export function registryFlow({ resolved, templates, repositories, uncovered }: RegistryView): RegistryFlow {
  const nodes = new Map<string, FlowNode>();
  const edges: FlowEdge[] = [];
  resolved.caches.forEach(({ cache, prefix }, index) => {
    const upstream = `upstream_${index}`;
    const rule = `rule_${index}`;
    nodes.set(upstream, { id: upstream, kind: "upstream", lines: [upstreamRegistryUrl(cache)] });
    nodes.set(rule, { id: rule, kind: "rule", lines: ["rule", prefix] });
    edges.push({ from: upstream, to: rule });
  });
  for (const { cache, template } of repositories) {
    const { prefix, imageTagMutability, encryption } = template;
    const index = templates.indexOf(template);
    const id = `template_${index}`;
    const settings = [describeMutability(imageTagMutability), encryption.type === "KMS" ? "customer key" : "AES256"];
    nodes.set(id, { id, kind: "template", lines: [`template ${prefix}`, ...settings] });
    edges.push({ from: `rule_${resolved.caches.indexOf(cache)}`, to: id });
    const target = `repositories_${index}`;
    if (!nodes.has(target)) edges.push({ from: id, to: target });
    nodes.set(target, { id: target, kind: "repositories", lines: ["repositories", repositoriesUnder(prefix)] });
  }
  for (const cache of uncovered) {
    const index = resolved.caches.indexOf(cache);
    const id = `defaults_${index}`;
    const target = `repositories_of_rule_${index}`;
    nodes.set(id, { id, kind: "template", lines: ["no template: ECR's defaults", "every tag can move", "AES256"] });
    nodes.set(target, { id: target, kind: "repositories", lines: ["repositories", repositoriesUnder(cache.prefix)] });
    edges.push({ from: `rule_${index}`, to: id }, { from: id, to: target });
  }
  return { nodes: [...nodes.values()], edges };
}

/** The shapes that Mermaid draws the kinds in. */
const SHAPES = {
  upstream: ["([", "])"],
  rule: ["[", "]"],
  template: ["[/", "/]"],
  repositories: ["[(", ")]"],
} as const;

/** The diagram in the language of Mermaid, which GitHub and GitLab draw. */
export function renderMermaid({ nodes, edges }: RegistryFlow): string {
  const boxes = nodes.map(({ id, kind, lines }) => {
    const [open, close] = SHAPES[kind];
    return `  ${id}${open}"${lines.map(escapeMermaid).join("<br>")}"${close}`;
  });
  const arrows = edges.map(({ from, to }) => `  ${from} --> ${to}`);
  return ["flowchart LR", ...boxes, ...arrows].join("\n");
}

function escapeMermaid(line: string): string {
  return printable(line).replace(/[#"<>&`]/g, (character) => `#${character.charCodeAt(0)};`);
}
