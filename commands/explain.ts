import { Command } from "commander";
import { ExplainedPull, explainPull, parseRegistryHost } from "../modules/domain";
import { RegionalEnvironment } from "../stacks/environment-regions";
import { chooseEnvironment, environmentRegions, envOption, regionOption } from "./choose-environments";
import { colorsFor, runCommand, UserMistake } from "./command-line";
import { printJson } from "./output";
import { print } from "./print";

const command = new Command("explain")
  .description("Tell step by step what happens when an image is pulled through an environment's caches.")
  .argument("<image>", "the image by its name: nginx:1.27, quay.io/org/app, or its URI in the registry")
  .addOption(envOption())
  .addOption(regionOption())
  .option("--json", "print it as JSON")
  .action((image: string, options: { env: string; region?: string; json?: true }) => {
    const environment = environmentOf(image, options.env, options.region);
    const explained = explainPull(image, environment);
    if ("diagnostics" in explained) {
      const reasons = explained.diagnostics.map(({ message, effect, fix }) => {
        return `${image} ${message}${effect === undefined ? "" : `: ${effect}`}; ${fix}`;
      });
      throw new UserMistake(reasons.join("\n"));
    }
    if (options.json) printJson({ command: "explain", environment: environment.name, ...explained });
    else print(explained.pulls.map(render).join("\n\n"));
  });

void runCommand(command, "help/reviewing.md");

/** The environment in the Region whose registry the image names; else in the one that is asked for, or its own. */
function environmentOf(image: string, name: string, region: string | undefined): RegionalEnvironment {
  const environment = chooseEnvironment(name, region);
  const host = parseRegistryHost(image.split("/")[0]!.replace(/:443$/, ""));
  const isOther = host?.accountId === environment.accountId && host.region !== environment.region;
  if (region !== undefined || !isOther) return environment;
  return environmentRegions(name).find((one) => one.region === host.region) ?? environment;
}

function render({
  uri,
  uriByTag,
  notes = [],
  rule,
  upstreamImage,
  repository,
  template,
  pullers,
  refresh,
  lifecycle,
  actions,
}: ExplainedPull) {
  const steps: [string, string[]][] = [
    [
      "pull",
      [
        `docker pull ${uri}`,
        ...(uriByTag === undefined ? [] : [`docker pull ${uriByTag} imports it first`]),
        ...notes.map((note) => `note: ${note}`),
      ],
    ],
    ["rule", [`${rule.prefix}, for ${rule.upstream} (${rule.upstreamRegistryUrl})`, `credential: ${rule.credential}`]],
    ["upstream image", [upstreamImage]],
    ["repository", [`${repository}, created unless it is there`]],
    [
      "template",
      template === undefined
        ? ["none: ECR's own defaults"]
        : [template.prefix, ...template.settings.map(({ name, value }) => `${name}: ${value}`)],
    ],
    ["puller needs", ["ecr:GetAuthorizationToken, in an IAM policy", ...actions]],
    ["pullers", pullers.length === 0 ? ["whom IAM policies allow it"] : pullers.map(renderPuller)],
    ["refreshed", [refresh]],
    ["removed", [lifecycle]],
  ];
  const { bold } = colorsFor(process.stdout);
  const width = Math.max(...steps.map(([name]) => name.length));
  return steps
    .map(([name, [first, ...rest]], index) => {
      const head = `${index + 1}. ${bold(name.padEnd(width))}  ${first}`;
      return [head, ...rest.map((line) => `${" ".repeat(width + 5)}${line}`)].join("\n");
    })
    .join("\n");
}

function renderPuller({ who, missing, unknown }: ExplainedPull["pullers"][number]): string {
  if (missing.length > 0) return `${who}: lacks ${missing.join(", ")}`;
  return unknown.length > 0 ? `${who}: not known here whether ${unknown.join(", ")}` : `${who}: may`;
}
