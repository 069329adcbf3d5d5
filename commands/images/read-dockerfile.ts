import { Arg, DockerfileParser, From, ModifiableInstruction } from "dockerfile-ast";
import { FoundImage, foundAt, unreadableAt } from "./found-image";
import { expandVariables, Lookup, SourceText, sourceText } from "./source-text";

type Range = NonNullable<ReturnType<From["getImageRange"]>>;

/**
 * The images of a Dockerfile that a build pulls: of `FROM`, of `COPY --from` and `RUN --mount`, and of the `syntax`
 * directive. Stages of the same file and `scratch` are none. Build arguments have their defaults.
 *
 * @see https://docs.docker.com/reference/dockerfile/
 */
export function readDockerfile(text: string): FoundImage[] {
  const dockerfile = DockerfileParser.parse(text);
  const lines = lineOffsets(text);
  const at = ({ start, end }: Range): SourceText => {
    const from = lines[start.line]! + start.character;
    return sourceText(text.slice(from, lines[end.line]! + end.character), from);
  };
  const defaults = new Map<string, SourceText>();
  const known: Lookup = (name) => defaults.get(name);
  for (const arg of dockerfile.getInitialARGs()) {
    const [name, value] = defaultOf(arg, at) ?? [];
    if (name === undefined || value === undefined) continue;
    const expanded = expandVariables(value, known);
    if (!("unknown" in expanded)) defaults.set(name, expanded);
  }
  const stages = new Set<string>();
  const find = (source: SourceText, lookup: Lookup): FoundImage[] => {
    const expanded = expandVariables(source, lookup);
    const offset = source.offsets[0] ?? 0;
    if ("unknown" in expanded) {
      return [unreadableAt(source.text, offset, `the build argument ${expanded.unknown} has no default`)];
    }
    const isStage = stages.has(expanded.text.toLowerCase()) || /^\d*$/.test(expanded.text);
    return isStage || expanded.text === "scratch" ? [] : [{ ...foundAt(expanded), offset }];
  };
  const found = dockerfile.getDirectives().flatMap((directive) => {
    const isSyntax = directive.getName().toLowerCase() === "syntax";
    return isSyntax ? find(at(directive.getValueRange()), () => undefined) : [];
  });
  for (const instruction of dockerfile.getInstructions()) {
    if (instruction instanceof From) {
      const range = instruction.getImageRange();
      if (range !== null) found.push(...find(at(range), known));
      // A stage can be called like the image that it begins with.
      stages.add(instruction.getBuildStage()?.toLowerCase() ?? "");
    } else if (instruction instanceof ModifiableInstruction) {
      for (const source of sourcesOf(instruction, at)) found.push(...find(source, () => undefined));
    }
  }
  return found;
}

/** What an instruction copies or mounts from: an image, or a stage. */
function sourcesOf(instruction: ModifiableInstruction, at: (range: Range) => SourceText): SourceText[] {
  const keyword = instruction.getKeyword();
  if (keyword !== "COPY" && keyword !== "ADD" && keyword !== "RUN") return [];
  return instruction.getFlags().flatMap((flag) => {
    const range = flag.getValueRange();
    if (range === null) return [];
    const value = at(range);
    if (flag.getName() === "from") return [value];
    if (flag.getName() !== "mount") return [];
    const [, before, name] = /^(.*?(?:^|,)from=)([^,\s]+)/.exec(value.text) ?? [];
    return name === undefined ? [] : [sourceText(name, value.offsets[0]! + before!.length)];
  });
}

/** The default of a build argument, without its quotes. */
function defaultOf(arg: Arg, at: (range: Range) => SourceText): [string, SourceText] | undefined {
  const property = arg.getProperty();
  const range = property?.getValueRange();
  if (property === null || range === null || range === undefined) return undefined;
  const written = at(range);
  const isQuoted = /^(["']).*\1$/.test(written.text);
  const value = isQuoted ? sourceText(written.text.slice(1, -1), written.offsets[0]! + 1) : written;
  return [property.getName(), value];
}

function lineOffsets(text: string): number[] {
  return [0, ...[...text.matchAll(/\r\n|\n|\r/g)].map(({ index, 0: end }) => index + end.length)];
}
