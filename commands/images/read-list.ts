import { withoutComment } from "../../modules/domain";
import { FoundImage, foundAt } from "./found-image";
import { sourceText } from "./source-text";

/** The images of a plain list: a name on each line, also after `- `, with comments after `#`. */
export function readList(text: string): FoundImage[] {
  return [...text.matchAll(/[^\r\n]+/g)].flatMap((match) => {
    const [line] = match;
    const content = line.trimStart();
    if (content === "" || content.startsWith("#")) return [];
    const rest = content.replace(/^-\s+/, "");
    const name = withoutComment(rest).trimEnd();
    return [foundAt(sourceText(name, match.index + line.length - rest.length))];
  });
}
