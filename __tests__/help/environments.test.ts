import schema from "../../stacks/environment.schema.json";
import { readPage } from "./pages";

/** The names in the first column of a table. */
function firstColumn(text: string): string[] {
  return [...text.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name!);
}

test("help/environments.md has a row for all that an environment and its templates can say, and for nothing else", () => {
  const page = readPage("help/environments.md");
  const [, fields, settings] = /## What an environment says\n([^]*?)\nUnder `repositories`([^]*?)\n## /.exec(page)!;
  const { Environment, RepositorySettings } = schema.definitions;
  expect(firstColumn(fields!).sort()).toEqual(Object.keys(Environment.properties).sort());
  expect(firstColumn(settings!).sort()).toEqual(Object.keys(RepositorySettings.properties).sort());
});
