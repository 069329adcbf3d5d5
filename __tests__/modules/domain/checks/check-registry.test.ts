import { TerraformStack, TerraformVariable, Testing, Token } from "cdktf";
import {
  EcrRegistry,
  formatDiagnostic,
  registryErrors,
  checkRegistry,
  Registry,
  ValidationError,
} from "../../../../modules";

const SCOPE = { accountId: "111122223333", region: "us-east-1" };
const quay = { upstream: "quay" } as const;

/** What the construct refuses of props that the types may forbid. */
function refused(props: unknown): string[] {
  try {
    new EcrRegistry(new TerraformStack(Testing.app(), "test"), "registry", props as Registry);
    return [];
  } catch (error) {
    if (!ValidationError.is(error)) throw error;
    return error.diagnostics.map(formatDiagnostic);
  }
}

describe("a construct checks the form of its props", () => {
  test("where everything is missing", () => {
    expect(refused({})).toEqual([
      "accountId is missing; add it",
      "caches is missing; add it",
      "region is missing; add it",
    ]);
    expect(refused(undefined)).toEqual(["must be of type object; write an object: { … }"]);
  });

  test.each([
    [{ ...SCOPE, caches: [quay], pulers: [] }, /^pulers is not a known field; use one of accountId, /],
    [
      { ...SCOPE, caches: [{ ...quay, prefx: "q" }] },
      /^caches\[0\]\.prefx is not a known field; use one of only, prefix, /,
    ],
    [{ ...SCOPE, caches: [quay], defaults: {} }, /^defaults is now called repositories; write repositories$/],
    [{ ...SCOPE, caches: [quay], adopt: true }, /^adopt is now called importExisting; write importExisting$/],
    [
      { ...SCOPE, caches: [quay], acceptedFindings: [] },
      /^acceptedFindings is now called acknowledged; write acknowledged$/,
    ],
    [
      { ...SCOPE, caches: [quay], repositories: { access: { exclusive: true } } },
      /^repositories\.access\.exclusive is now called denyOthers; write denyOthers$/,
    ],
    [
      { ...SCOPE, caches: [{ upstream: "docker-hub", credential: { type: "managed-secret" } }] },
      /^caches\[0\]\.credential\.type is not a known value, got …; write "new-secret", as it is called now$/,
    ],
  ])("and refuses %j once", (props, message) => {
    expect(refused(props)).toEqual([expect.stringMatching(message)]);
  });

  test("takes a tag that is called as a field was", () => {
    expect(refused({ ...SCOPE, caches: [quay], tags: { adopt: "x" } })).toEqual([]);
  });
});

test("a token for a whole object or list is refused with its path, one for a text is passed through", () => {
  const stack = new TerraformStack(Testing.app(), "tokens");
  const { value } = new TerraformVariable(stack, "tags", {});
  const message =
    "must be known at synth, but is a token; write the object or the list itself; single texts in it can be tokens, such as variable.stringValue";
  expect(refused({ ...SCOPE, caches: [quay], tags: value })).toEqual([`tags ${message}`]);
  expect(refused({ ...SCOPE, caches: [quay], tags: Token.asStringMap(value) })).toEqual([`tags ${message}`]);
  expect(refused({ ...SCOPE, caches: [quay], pullers: value })).toEqual([`pullers ${message}`]);
  expect(refused({ ...SCOPE, caches: [quay], downstreamAccounts: Token.asList(value) })).toEqual([
    `downstreamAccounts ${message}`,
  ]);
  expect(refused({ ...SCOPE, caches: [quay], tags: { team: Token.asString(value) } })).toEqual([]);
});

describe("the settings of a cache", () => {
  const pullers = [{ role: "node" }];

  test("are checked where they are written, and inherited ones where those are", () => {
    const registry = {
      ...SCOPE,
      pullers,
      repositories: { access: { push: [{ role: "" }] } },
      caches: [
        { ...quay, pullers: { add: [{ role: "" }] }, repositories: { lifecycle: [{ keepLast: { count: 0 } }] } },
      ],
    };
    expect(registryErrors(registry).map(({ path }) => path.join("."))).toEqual([
      "repositories.access.push.0.role",
      "caches.0.pullers.add.0.role",
    ]);
    const { caches, ...rest } = { ...registry, repositories: {} };
    const [cache] = caches;
    expect(
      registryErrors({ ...rest, caches: [{ ...cache!, pullers: { add: [] } }] }).map(({ path }) => path.join(".")),
    ).toEqual(["caches.0.repositories.lifecycle.0.keepLast.count"]);
  });

  test("cannot stand in a template as well", () => {
    expect(registryErrors({ ...SCOPE, caches: [quay], templates: [{ prefix: "quay" }] }).map(formatDiagnostic)).toEqual(
      [
        'templates[0].prefix must not be the prefix of a cache, got "quay"; write these settings at the cache, as its repositories',
      ],
    );
  });

  test("can leave the cache to ECR's own defaults, with a warning", () => {
    const registry: Registry = { ...SCOPE, pullers, caches: [{ ...quay, repositories: "ecr-defaults" }] };
    expect(checkRegistry(registry).map(({ code, path }) => [code, path])).toEqual([
      ["ecr-defaults", ["caches", 0, "repositories"]],
    ]);
  });
});
