import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(__dirname, "..", "..");

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(folder, file));
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(ROOT, file), "utf8");
  return [...text.matchAll(/(?<![\w-])(?:from|import|require)\s*\(?\s*"([^"]+)"/g)].map(([, module]) => module!);
}

const everything = [...["commands", "modules", "operations", "stacks", "__tests__"].flatMap(sources), "main.ts"];

describe("imports", () => {
  test("never name the provider's barrel, which costs seconds and half a gigabyte", () => {
    const barrels = everything.filter((file) =>
      importsOf(file).some((name) => /^@cdktf\/provider-aws(\/lib)?$/.test(name)),
    );
    expect(barrels).toEqual([]);
  });

  test("of the domain name nothing but the domain", () => {
    const outward = sources("modules/domain").flatMap((file) =>
      importsOf(file)
        .filter((name) => !name.startsWith(".") || !join(file, "..", name).startsWith("modules/domain"))
        .map((name) => `${file}: ${name}`),
    );
    expect(outward).toEqual([]);
  });

  test("of the modules name no environment", () => {
    const outward = sources("modules").filter((file) =>
      importsOf(file).some((name) => /\/(stacks|operations|commands|main)\b/.test(name)),
    );
    expect(outward).toEqual([]);
  });

  test("of the stacks name no command", () => {
    const outward = sources("stacks").filter((file) =>
      importsOf(file).some((name) => /\/(operations|commands|main)\b/.test(name)),
    );
    expect(outward).toEqual([]);
  });

  test("of the operations name the domain and no framework, and the SDK in few files", () => {
    const named = sources("operations").flatMap((file) => importsOf(file).map((name) => [file, name] as const));
    const outward = named.filter(([, name]) => !name.startsWith("./") && name !== "../modules/domain");
    const sdk = outward.filter(([, name]) => name.startsWith("@aws-sdk/"));
    const behindThePort = ["aws-clients", "aws-ecr", "aws-other-services", "retry-strategy"];
    expect(new Set(sdk.map(([file]) => file))).toEqual(new Set(behindThePort.map((name) => `operations/${name}.ts`)));
    expect(outward.filter((one) => !sdk.includes(one))).toEqual([["operations/in-parallel.ts", "p-limit"]]);
  });

  test("are found at all", () => {
    expect(importsOf("modules/write-resource.ts")).toContain("@cdktf/provider-aws/lib/ecr-pull-through-cache-rule");
  });
});
