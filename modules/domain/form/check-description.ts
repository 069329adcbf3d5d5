import { Diagnostic, isError, Path } from "../basics";
import { FormProblem } from "./form-problem";
import { without } from "./without";

/**
 * Checks the content of a description whose form has been checked: of one with mistakes in its form, what can be used.
 *
 * @param checkContent checks what is left of the description, and is told whether that is all of it
 */
export function checkDescription<T extends object>(
  description: T,
  form: readonly FormProblem[],
  checkContent: (usable: T, isWhole: boolean) => readonly Diagnostic[],
): readonly Diagnostic[] {
  if (form.length === 0) return checkContent(description, true);
  const removed = form.filter((problem) => problem.unusable).map(({ path }) => path);
  const unusable = removed.map(wholePart);
  if (unusable.some((path) => path.length === 0)) return form.map(toDiagnostic);
  const usable = unusable.reduce<T>((whole, path) => without(whole, path) as T, description);
  // What is said of a place from which something was removed is no more than that it is missing.
  const content = checkContent(usable, false).filter((one) => {
    return isError(one) && !removed.some((path) => startsWith(one.path, path));
  });
  // Where both found something at one place, the check of the content knows better what was meant.
  const rest = form.filter((problem) => !content.some(({ path }) => startsWith(path, problem.path)));
  return [...content, ...rest.map(toDiagnostic)];
}

function toDiagnostic({ unusable: _, ...one }: FormProblem): Diagnostic {
  return one;
}

/** Of a list in which something cannot be used nothing is looked at, but for the lists of caches and templates. */
function wholePart(path: Path): Path {
  const [head] = path;
  const inList = typeof path.at(-1) === "number";
  return inList && !(path.length === 2 && (head === "caches" || head === "templates")) ? path.slice(0, -1) : path;
}

function startsWith(path: Path, start: Path): boolean {
  return start.every((part, index) => path[index] === part);
}
