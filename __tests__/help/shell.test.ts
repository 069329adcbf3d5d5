import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import cdkTerrain from "../../.ci/cdktn/package.json";
import packageJson from "../../package.json";
import { PullThroughCache, resolveUri } from "../../modules/domain";
import { synthesize } from "../../stacks";
import { hubAndSpokesSample } from "../../stacks/hub-and-spokes-sample";
import { samples } from "../../stacks/samples";
import { SCRIPTS } from "../helpers/run-script";
import { Block, BLOCKS } from "./pages";
import { runExample } from "./run-example";

/**
 * Every block of shell commands is run by Bash. Programs that would leave the machine or take long are recorded
 * instead of run, and each recorded call is looked at: whether there is such a script, stack, package, or image.
 * What `npm run …` does is the matter of commands.test.ts and shown.test.ts.
 */
const RECORDED = ["aws", "containerd", "curl", "docker", "git", "kubectl", "npm", "npx", "terraform"];
const HAS_JQ = spawnSync("jq", ["--version"]).status === 0;

const blocks = BLOCKS.filter(({ language }) => language === "sh");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ecr-shell-"));
  mkdirSync(join(folder, "bin"));
  // Without jq its calls are recorded, too; then they are only known to be well-formed for the shell.
  for (const name of HAS_JQ ? RECORDED : [...RECORDED, "jq"]) {
    writeFileSync(join(folder, "bin", name), RECORDER);
    chmodSync(join(folder, "bin", name), 0o755);
  }
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** What later blocks of a page build on: documents that are written into files, and folders that are copied. */
const GROUNDWORK = /^(cat > \S+ <<'(\w+)'\n[^]*?\n\2|cp -r .*)\n/gm;

/** Writes its name and arguments down, and answers what the pages' pipes go on with. */
const RECORDER = `#!/bin/bash
IFS=$'\\037'
set -- "\${0##*/}" "$@"
printf '%s\\n' "$*" >> "$CALLS"
case "$*" in
  *--password-stdin* | *--keep*-) cat > /dev/null ;;
  terraform*state*list) echo aws_ecr_registry_policy.registry_policy_9B138C89 ;;
  terraform*show*) echo '{"values":{"root_module":{"resources":[{"address":"aws_x.y","values":{"id":"i"}}]}}}' ;;
  containerd*dump) echo "  config_path = '/etc/containerd/certs.d'" ;;
  *configuration-versions*) echo '{"data":{"attributes":{"upload-url":"https://archivist.terraform.io/v1/object/1"}}}' ;;
  *) echo '{}' ;;
esac
`;

/** Runs a block in a folder with synthesised stacks, and gives back the calls that were recorded. */
function runBlock(block: Block): string[][] {
  synthesize(samples, join(folder, "cdktf.out"));
  const earlier = blocks.slice(0, blocks.indexOf(block)).filter(({ page }) => page === block.page);
  const text = [...earlier.flatMap((one) => one.text.match(GROUNDWORK) ?? []), block.text].join("");
  const calls = join(folder, "calls");
  const env = {
    PATH: `${join(folder, "bin")}:${process.env.PATH!}`,
    CALLS: calls,
    TF_TOKEN: "token",
    WORKSPACE_ID: "ws-1",
  };
  const { status, stderr } = spawnSync("bash", ["--norc", "-euo", "pipefail", "-c", text], {
    cwd: folder,
    env,
    encoding: "utf8",
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  if (!existsSync(calls)) return [];
  const lines = readFileSync(calls, "utf8").trimEnd().split("\n");
  return lines.map((line) => line.split("\u001f"));
}

/** The caches that help/upstreams.md writes, under which its images are pulled. */
const caches = BLOCKS.filter(({ page, language }) => page === "help/upstreams.md" && language === "ts").map(
  ({ text }) => runExample(text).exported.cache as PullThroughCache,
);

/** What README.md says that the smallest environment creates. */
const created = [
  "",
  ...BLOCKS.find(({ marker }) => marker === "creates: qa")!
    .text.trimEnd()
    .split("\n"),
];

/** The stacks of the pages: those of the samples, and of the environment that help/first-deploy.md makes. */
const STACKS = [...samples, ...hubAndSpokesSample].map(({ name }) => name).concat("qa");

const HOST = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com$/;

/** What is done with an exported module, which check-apply.ts does with the real Terraform. */
const EXPORTED =
  /^(?:-chdir=terraform\/qa )?(?:init(?: -migrate-state| -reconfigure)?|plan|show -json|state (?:list|pull|push \.\.\/\.\.\/qa\.tfstate))$/;

const KUBECTL_CALLS = [
  /^get pods --all-namespaces --output json$/,
  /^apply -f pull-through-cache\.yaml$/,
  /^describe pod [\w-]+$/,
  /^get pods --output custom-columns=\S+$/,
  /^patch ec2nodeclass default --type merge --patch-file ec2nodeclass-patch\.yaml$/,
];

/** Why a call is not what the pages should say; `undefined` where it is fine. */
function wrongWith([program = "", ...args]: readonly string[]): string | undefined {
  const line = args.join(" ");
  switch (program) {
    case "npm":
      return wrongWithNpm(args);
    case "npx": {
      const [cli, verb, stack, ...rest] = args;
      // The CLI of CDK Terrain is for the page that moves there.
      if (!["cdktf", "cdktn"].includes(cli!) || !["deploy", "destroy", "diff"].includes(verb!))
        return "no such command";
      if (rest.some((option) => option !== "--migrate-state")) return "no such option";
      return STACKS.includes(stack!) ? undefined : "no such stack";
    }
    case "docker": {
      const [verb, ...rest] = args;
      if (verb === "buildx")
        return /^create --use --buildkitd-config buildkitd\.toml$/.test(rest.join(" ")) ? undefined : "no builder";
      if (verb === "login") return HOST.test(rest.at(-1)!) ? undefined : "no host of ECR";
      const [, accountId, region] = HOST.exec(rest[0]!.split("/")[0]!) ?? [];
      if (verb !== "pull" || accountId === undefined || region === undefined) return "no pull from ECR";
      const resolved = resolveUri(rest[0]!, { accountId, region, caches });
      return "upstream" in resolved ? undefined : "no cache of help/upstreams.md serves it";
    }
    case "aws":
      return wrongWithAws(args);
    case "terraform": {
      if (EXPORTED.test(line)) return undefined;
      const known = /^-chdir=cdktf\.out\/stacks\/([\w-]+) (?:init(?: -upgrade)?|state (?:list|rm (.*)))$/;
      const [, stack, addresses = ""] = known.exec(line) ?? [];
      if (!STACKS.includes(stack!)) return "not a call that is known here";
      return addresses.split(" ").every((one) => created.includes(one)) ? undefined : "no such resource";
    }
    case "kubectl":
      return KUBECTL_CALLS.some((call) => call.test(line)) ? undefined : "not a call that is known here";
    case "containerd":
      return line === "config dump" ? undefined : "not a call that is known here";
    case "git":
      return /^(add synthesised\/stacks|diff --no-index before cdktf\.out|fetch upstream|merge upstream\/main)$/.test(
        line,
      )
        ? undefined
        : "not a call that is known here";
    case "curl":
      return /https:\/\/(app|archivist)\.terraform\.io\//.test(line) ? undefined : "not HCP Terraform";
    default:
      return program === "jq" ? undefined : "an unknown program";
  }
}

/** The calls of the AWS CLI that the pages make, without `file://…`. */
const AWS_CALLS = [
  /^configure set profile\.[\w-]+\.(role_arn arn:aws:iam::\d{12}:role\/\w+|source_profile \w+)$/,
  /^ecr (describe-pull-through-cache-rules|describe-repository-creation-templates|get-registry-policy|get-registry-scanning-configuration) --region [a-z0-9-]+$/,
  /^ecr describe-image-scan-findings --region [a-z0-9-]+ --repository-name [\w./-]+ --image-id imageTag=[\w.]+$/,
  /^ecr get-login-password --region [a-z0-9-]+( --profile [\w-]+)?$/,
  /^ecr update-image-storage-class --repository-name [\w./-]+ --image-id imageTag=[\w.]+ --target-storage-class STANDARD$/,
  /^iam create-role --role-name \w+ --assume-role-policy-document FILE$/,
  /^iam put-role-policy --role-name \w+ --policy-name [\w-]+ --policy-document FILE$/,
  /^sns subscribe --region [a-z0-9-]+ --protocol email --notification-endpoint \S+@example\.com --topic-arn arn:aws:sns:[\w:-]+$/,
  /^sts get-caller-identity$/,
];

function wrongWithAws(args: readonly string[]): string | undefined {
  for (const arg of args.filter((one) => one.startsWith("file://"))) {
    const file = join(folder, arg.slice("file://".length));
    if (!existsSync(file)) return `${arg} was never written`;
    if (typeof JSON.parse(readFileSync(file, "utf8")) !== "object") return `${arg} is no document`;
  }
  const line = args.map((arg) => (arg.startsWith("file://") ? "FILE" : arg)).join(" ");
  return AWS_CALLS.some((call) => call.test(line)) ? undefined : "not a call that is known here";
}

function wrongWithNpm([verb = "", ...args]: readonly string[]): string | undefined {
  switch (verb) {
    case "ci":
    case "cit":
    case "pack":
      return args.length === 0 ? undefined : "arguments";
    case "run": {
      const [script] = args.filter((arg) => arg !== "-s");
      return script! in SCRIPTS ? undefined : `no script ${script!}`;
    }
    case "install":
    case "uninstall": {
      const known = {
        ...packageJson.devDependencies,
        ...cdkTerrain.dependencies,
        "cdktn-cli": packageJson.devDependencies.cdktn,
        "cdktf-cli": packageJson.devDependencies.cdktf,
      } as Readonly<Record<string, string>>;
      // Without a version npm takes the newest, which need not go with the others.
      const engines = args.some((arg) => /^cdkt[fn]@/.test(arg));
      if (verb === "install" && engines && !args.includes(`constructs@${known.constructs!}`)) return "no constructs";
      const wrong = args.filter((arg) => {
        if (verb === "install" && /^@?[^@]+$/.test(arg) && arg in known) return true;
        if (["--save-dev", "--save-exact"].includes(arg) || arg === `${packageJson.name}-${packageJson.version}.tgz`)
          return false;
        const [, name, version] = /^(@?[^@]+)(?:@(.+))?$/.exec(arg)!;
        return !(name! in known) || (version !== undefined && version !== known[name!]);
      });
      return wrong.length === 0 ? undefined : `not in package.json, or of another version: ${wrong.join(" ")}`;
    }
    default:
      return "no such command";
  }
}

test.each(blocks.map((block) => [block.place, block] as const))("%s can be run as it stands", (_, block) => {
  const wrong = runBlock(block).flatMap((call) => {
    const why = wrongWith(call);
    return why === undefined ? [] : [`${call.join(" ")}: ${why}`];
  });
  expect(wrong).toEqual([]);
});

test("an upload to HCP Terraform sends the stack and nothing else", () => {
  const calls = runBlock(blocks.find(({ text }) => text.includes("configuration-versions"))!);
  expect(calls.filter(([program]) => program === "curl").map((call) => call.at(-1))).toEqual([
    "https://app.terraform.io/api/v2/workspaces/ws-1/configuration-versions",
    ...(HAS_JQ ? ["https://archivist.terraform.io/v1/object/1"] : [""]),
  ]);
  const { stdout } = spawnSync("tar", ["--list", "--file", "stack.tar.gz"], { cwd: folder, encoding: "utf8" });
  expect(stdout).toBe("cdk.tf.json\n");
});

test("what the pages do is seen", () => {
  expect(caches).toHaveLength(9);
  expect(wrongWith(["docker", "pull", "111122223333.dkr.ecr.us-east-1.amazonaws.com/nowhere/app:1"])).toBeDefined();
  expect(wrongWith(["npm", "run", "nothing"])).toBe("no script nothing");
  expect(wrongWith(["npx", "cdktf", "deploy", "nowhere"])).toBe("no such stack");
  expect(blocks.length).toBeGreaterThan(30);
});
