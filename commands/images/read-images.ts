import { FoundImage } from "./found-image";
import { readDockerfile } from "./read-dockerfile";
import { readList } from "./read-list";
import { readTree } from "./read-tree";
import { ParsedFile, parseJsonFile, parseYamlFile } from "./tree";

/** A file that names images. */
export interface SourceFile {
  /** Its path, as messages name it. */
  readonly path: string;
  readonly text: string;
}

/** The images that a file names, in their order, and what of it could not be read. */
export interface ReadImages {
  readonly images: readonly FoundImage[];
  readonly errors: readonly string[];
}

const DOCKERFILE = /(?:^|\.)(?:Dockerfile|Containerfile)(?:\.|$)/i;
/** A first line that only a Dockerfile has. */
const FIRST_INSTRUCTION = /^(?:\s*#[^\n]*\n|\s*\n)*\s*(?:FROM|ARG)\s+\S/i;

/**
 * Reads the images that a file names: Kubernetes YAML or JSON, Kustomize, Docker Compose, Dockerfiles, task definitions of
 * ECS, GitHub Actions, GitLab CI, or a plain list. Its name tells the format, or else its text.
 */
export function readImages({ path, text }: SourceFile): ReadImages {
  const name = path.split(/[/\\]/).at(-1)!;
  if (DOCKERFILE.test(name) && !/\.(?:ya?ml|json)$/i.test(name)) return { images: readDockerfile(text), errors: [] };
  if (/\.json$/i.test(name)) return readParsed(parseJsonFile(text), name, text);
  if (/\.ya?ml$/i.test(name)) return readParsed(parseYamlFile(text), name, text);
  if (/^\s*[[{]/.test(text)) return readParsed(parseJsonFile(text), name, text);
  if (FIRST_INSTRUCTION.test(text)) return { images: readDockerfile(text), errors: [] };
  // A line of a list is a scalar of YAML, and never a key with a value.
  if (/^(?:- |\s*-\s*)?["']?[\w.$-]+["']?:(?:\s|$)/m.test(text)) return readParsed(parseYamlFile(text), name, text);
  return { images: readList(text), errors: [] };
}

function readParsed({ trees, errors }: ParsedFile, name: string, text: string): ReadImages {
  // What several places share in YAML is named once in the file.
  const byOffset = new Map(trees.flatMap((tree) => readTree(tree, name, text)).map((image) => [image.offset, image]));
  const images = [...byOffset.values()].sort((a, b) => a.offset - b.offset);
  return { images, errors };
}
