import { isUnresolved } from "../basics";
import { otherName } from "./other-name";

/** What a text is that is not the name of an image alone. */
export interface RecognizedText {
  /** What is wrong with it: a phrase. */
  readonly what: string;
  /** The name in it, to be suggested where it can be read. */
  readonly name?: string;
  /** What to do where no name is in it. */
  readonly fix?: string;
}

const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;
const QUOTED = /^(["'`])(.*)\1$/s;
/** A command that pulls, runs or copies an image, without its arguments. */
const COMMAND = /^(?:\$ +)?(?:sudo +)?(?:docker|podman|nerdctl|finch|crictl|ctr|buildah|skopeo|crane|kubectl)\s/;
/** A line of a Dockerfile, or of a YAML file, up to the name. */
const LINE = /^(?:FROM\s+(?:--\S+\s+)*|(?:-\s+)?["']?(?:image|name|newName|reference|uses)["']?\s*:\s+|-\s+)/i;

/** What a text is, if it cannot be the name of an image: a template, a command, a quoted name. */
export function recognizeText(text: string): RecognizedText | undefined {
  return recognizeTemplate(text) ?? recognizeLine(text) ?? recognizeScheme(text) ?? recognizeScratch(text);
}

/** Text that something else fills in first. */
function recognizeTemplate(text: string): RecognizedText | undefined {
  if (/\$\{\{/.test(text)) {
    return { what: "has an expression of a workflow", fix: "write the name that it stands for" };
  }
  if (/\{\{|\}\}/.test(text)) {
    return { what: "is a template that is not rendered", fix: "render it first, e.g. with helm template" };
  }
  const shell = /\$\{?([A-Za-z_]\w*)(?:\}|:?[-=?+]|$|[^\w.])/.exec(text)?.[1];
  if (shell !== undefined && !text.includes("TfToken[")) {
    return { what: `has the variable ${shell}, whose value is not known here`, fix: "write the name with its value" };
  }
  if (isUnresolved(text)) {
    return { what: "must be written out, not left to Terraform", fix: 'write e.g. "nginx:1.27"' };
  }
  const placeholder = /<[^<>]+>|%[A-Za-z_]\w*%|__[A-Z][A-Z_]+__|\$\([A-Za-z_]\w*\)/.exec(text)?.[0];
  return placeholder === undefined
    ? undefined
    : { what: `has the placeholder ${placeholder}`, fix: "write the name that it stands for" };
}

/** A name in quotes, with white space around it, in a command, or in a line of a file. */
function recognizeLine(text: string): RecognizedText | undefined {
  const quoted = QUOTED.exec(text.trim())?.[2];
  if (quoted !== undefined) return { what: "must not be in quotes", name: quoted.trim() };
  if (/^\S+[,;]$/.test(text)) return { what: "must not end in a punctuation mark", name: text.slice(0, -1) };
  if (!/\s/.test(text)) return undefined;
  const trimmed = text.trim();
  if (!/\s/.test(trimmed)) return { what: "must not have white space around it", name: trimmed };
  const bare = trimmed.replace(/\s+#.*$/, "");
  if (COMMAND.test(bare)) return { what: "must be a name, not a command", name: nameInCommand(bare) };
  if (LINE.test(bare)) return { what: "must be a name, not a line of a file", name: nameInLine(bare) };
  if (bare !== trimmed && !/\s/.test(bare)) return { what: "must not have a comment after it", name: bare };
  return { what: "must not have white space in it" };
}

/** The last word of a pull, the first word of a run that can be one. */
function nameInCommand(command: string): string {
  const words = command
    .replace(COMMAND, "")
    .split(/\s+/)
    .filter((word) => !word.startsWith("-"));
  return (words[0] === "pull" ? words.at(-1)! : (words[1] ?? "")).replace(SCHEME, "");
}

function nameInLine(line: string): string {
  const [name = ""] = line.replace(LINE, "").split(/\s+/);
  return (QUOTED.exec(name)?.[2] ?? name).replace(SCHEME, "");
}

function recognizeScheme(text: string): RecognizedText | undefined {
  if (!SCHEME.test(text)) return undefined;
  const bare = text.replace(SCHEME, "");
  const name = otherName(bare)?.name ?? bare;
  return { what: "must not start with a scheme", name: name.replace(/^docker\.io\/(?:library\/(?=[^/]*$))?/, "") };
}

/** `FROM scratch` begins an image with nothing. */
function recognizeScratch(text: string): RecognizedText | undefined {
  if (!/^(?:(?:index\.)?docker\.io\/)?(?:library\/)?scratch(?:[:@]|$)/.test(text)) return undefined;
  const what = "is the empty image with which a Dockerfile begins, which nobody pulls";
  return { what, fix: "leave it as it is" };
}
