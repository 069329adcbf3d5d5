import { colorsFor } from "./command-line";
import { print } from "./print";

/** The commands by what they are for, in the order in which a team meets them. */
const COMMANDS: readonly (readonly [topic: string, readonly (readonly [command: string, what: string])[]])[] = [
  [
    "describe",
    [
      ["npm run new", "write a file for a new environment"],
      ["npm run diff-env -- dev prod", "how two environments differ"],
      ["npm run explain -- --env prod nginx:1.27", "what happens when this is pulled"],
      ["npm run images -- --env prod k8s/", "images in files, and their caches"],
    ],
  ],
  [
    "deploy",
    [
      ["npm run check", "check all, and write nothing"],
      ["npm run synth", "check all, write stacks, reports"],
      ["npm run report -- --env prod", "a report; --format html draws it"],
      ["npx cdktf diff prod", "plan; cdktf deploy prod applies"],
      ["npm run export -- --env prod -o tf", "the stack as plain Terraform"],
    ],
  ],
  [
    "operate",
    [
      ["npm run verify -- --env prod", "compare AWS with the description"],
      ["npm run audit -- --env prod", "older ones; --fix updates"],
      ["npm run usage -- --env prod", "what each cache holds and costs"],
      ["npm run warm -- --env prod images.txt", "import images ahead of pulls"],
      ["npm run cleanup -- --env dev --prefix quay", "what --yes would delete"],
      ["npm run policy -- audit --env prod", "the policy that a command needs"],
      ["npm run clients -- --env prod kyverno", "files for clusters and nodes"],
    ],
  ],
  [
    "develop",
    [
      ["npm test", "type check and test"],
      ["npm run test:terraform", "try all with the real provider"],
    ],
  ],
];

const { bold, dim } = colorsFor(process.stdout);
const width = Math.max(...COMMANDS.flatMap(([, commands]) => commands.map(([command]) => command.length)));
for (const [topic, commands] of COMMANDS) {
  print(bold(topic));
  for (const [command, what] of commands) print(`  ${command.padEnd(width)}  ${dim(what)}`);
}
print("Each command has --help. README.md lists the pages in help/.");
