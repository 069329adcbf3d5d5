import { instance } from "@viz-js/viz";
import MarkdownIt from "markdown-it";
import { printable } from "../modules/domain/basics/printable";
import { FlowNode, RegistryFlow } from "../stacks/report/registry-flow";

/** How Graphviz draws the kinds of boxes. */
const BOXES: Readonly<Record<FlowNode["kind"], Readonly<Record<string, string>>>> = {
  upstream: { shape: "box", style: "rounded,filled", fillcolor: "#e8eef7" },
  rule: { shape: "box", style: "filled", fillcolor: "#fff4d6" },
  template: { shape: "note", style: "filled", fillcolor: "#f1e6f7" },
  repositories: { shape: "cylinder", style: "filled", fillcolor: "#e2f2e4" },
};

const STYLE = `
body { font: 15px/1.5 system-ui, sans-serif; color: #1b1f24; background: #fff; max-width: 68rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2, h3 { line-height: 1.25; }
h2 { margin-top: 2rem; border-bottom: 1px solid #d0d7de; padding-bottom: .3rem; }
code { font: 13px/1.4 ui-monospace, monospace; background: #f2f4f6; padding: .1rem .3rem; border-radius: 4px; overflow-wrap: anywhere; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { border: 1px solid #d0d7de; padding: .35rem .6rem; text-align: left; vertical-align: top; min-width: 6rem; overflow-wrap: anywhere; }
th { background: #f2f4f6; }
figure { margin: 1rem 0; overflow-x: auto; }
svg { max-width: 100%; height: auto; }
`;

/**
 * A report as a page that needs nothing else: the same text, with the diagram drawn.
 *
 * @param markdown the report
 * @param flow what its diagram shows, if it has one
 */
export async function renderPage(title: string, markdown: string, flow?: RegistryFlow): Promise<string> {
  const drawing = flow === undefined ? "" : await drawFlow(flow);
  const renderer = new MarkdownIt({ html: false });
  renderer.renderer.rules.fence = (tokens, index) => {
    const { info, content } = tokens[index]!;
    if (info === "mermaid") return `<figure>${drawing}</figure>\n`;
    return `<pre><code>${renderer.utils.escapeHtml(content)}</code></pre>\n`;
  };
  // Reports link to each other; pages link to pages.
  renderer.normalizeLink = (url) => url.replace(/\.md$/, ".html");
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${renderer.utils.escapeHtml(printable(title))}</title>`,
    `<style>${STYLE}</style>`,
    "</head>",
    "<body>",
    renderer.render(markdown).trimEnd(),
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

async function drawFlow({ nodes, edges }: RegistryFlow): Promise<string> {
  const viz = await instance();
  const svg = viz.renderString(
    {
      directed: true,
      graphAttributes: { rankdir: "LR", bgcolor: "transparent", nodesep: "0.25" },
      nodeAttributes: { fontname: "Helvetica", fontsize: "11", color: "#57606a" },
      edgeAttributes: { color: "#57606a" },
      nodes: nodes.map(({ id, kind, lines }) => {
        return { name: id, attributes: { ...BOXES[kind], label: lines.map(printable).map(escapeLabel).join("\\n") } };
      }),
      edges: edges.map(({ from, to }) => ({ tail: from, head: to })),
    },
    { format: "svg" },
  );
  return svg.slice(svg.indexOf("<svg")).trimEnd();
}

/** Graphviz reads a backslash as the start of an escape. */
function escapeLabel(line: string): string {
  return line.replaceAll("\\", "\\\\");
}
