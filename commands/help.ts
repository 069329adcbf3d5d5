import { colorsFor } from "./command-line";

/** The commands by what they are for, in the order in which a team meets them. */
const COMMANDS: readonly (readonly [topic: string, readonly (readonly [command: string, what: string])[]])[] = [
  [
    "describe",
    [
      ["npm run new -- --env qa", "write a file for a new environment"],
      ["npm run diff-env -- dev prod", "tell what differs between two environments"],
      ["npm run explain -- --env prod nginx:1.27", "tell what happens when an image is pulled"],
    ],
  ],
  [
    "deploy",
    [
      ["npm run synth", "check all environments and write their stacks and reports"],
      ["npm run report -- --env prod", "print a report; --format html draws it"],
      ["npx cdktf diff prod", "plan"],
      ["npx cdktf deploy prod", "plan and apply"],
    ],
  ],
  [
    "operate",
    [
      ["npm run verify -- --env prod", "compare the registry in AWS with its description"],
      ["npm run audit -- --env prod", "compare cached repositories with today's templates; --fix changes them"],
      ["npm run warm -- --env prod images.txt", "have images imported before anybody pulls them"],
      ["npm run cleanup -- --env dev --prefix quay", "show, and with --yes delete, cached repositories"],
      ["npm run policy -- audit --env prod", "print the policy that a command needs"],
    ],
  ],
  [
    "develop",
    [
      ["npm test", "type check and test"],
      ["npm run docs", "write the reference of the public API"],
      ["npm run bench", "measure speed and size"],
      ["npm run test:terraform", "try the stacks with the real provider"],
      ["bash .ci/run", "everything that must hold before a change lands"],
    ],
  ],
];

const { bold, dim } = colorsFor(process.stdout);
const width = Math.max(...COMMANDS.flatMap(([, commands]) => commands.map(([command]) => command.length)));
for (const [topic, commands] of COMMANDS) {
  console.log(bold(topic));
  for (const [command, what] of commands) console.log(`  ${command.padEnd(width)}  ${dim(what)}`);
}
console.log("\nEach command has --help. The pages are in help/, listed in README.md.");
