import { FoundImage, foundAt } from "./found-image";
import { sourceText } from "./source-text";

/** The images of a plain list: a name on each line, also after `- `, with comments after `#`. */
export function readList(text: string): FoundImage[] {
  return [...text.matchAll(/^[^\S\r\n]*([^\s#][^\r\n]*)$/gm)].map((match) => {
    const [line] = match;
    const rest = match[1]!.replace(/^-\s+/, "");
    const name = rest.replace(/\s+#.*$/, "").trimEnd();
    return foundAt(sourceText(name, match.index + line.length - rest.length));
  });
}
