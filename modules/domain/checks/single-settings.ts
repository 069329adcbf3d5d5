import { namedKey } from "../template";
import { Principal, RepositoryAccess } from "../policy";
import { partitionOf, ROOT_PREFIX } from "../naming";
import { Diagnostic, diagnostic } from "../basics";
import { letsPull, listedAddress, RegistryView } from "../plan";

const LAMBDA = "lambda.amazonaws.com";
const KEY_ACCOUNT = /^arn:[^:]+:kms:[^:]+:(\d{12}):/;

/** Settings that are right by themselves and wrong where they are used. */
export function findSingleSettings(view: RegistryView): Diagnostic[] {
  return [
    ...findLambda(view),
    ...findForeignKeys(view),
    ...findRootPrefix(view),
    ...findChina(view),
    ...findFips(view),
  ];
}

/** @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html */
function findLambda({ repositories }: RegistryView): Diagnostic[] {
  return repositories.flatMap(({ template }): Diagnostic[] => {
    if (!letsLambdaPull(template.access)) return [];
    return [
      diagnostic({
        code: "lambda-cannot-pull-through",
        path: template.pathOf("access"),
        constructs: [listedAddress("templates", template.id)],
        message: "lets Lambda pull from repositories that are cached",
        effect:
          "Lambda cannot pull through a cache: a function fails unless something else has pulled its image before",
        fix: "warm the images that functions use, or push them into repositories of their own",
      }),
    ];
  });
}

function letsLambdaPull({ lambdaPull, statements = [] }: RepositoryAccess): boolean {
  const isLambda = (principal: Principal) => "service" in principal && principal.service === LAMBDA;
  return (
    lambdaPull !== undefined ||
    statements.some((statement) => letsPull(statement) && statement.principals.some(isLambda))
  );
}

function findForeignKeys({ registry, templates }: RegistryView): Diagnostic[] {
  return templates.flatMap((template): Diagnostic[] => {
    const { encryption } = template;
    const account = KEY_ACCOUNT.exec(namedKey(encryption) ?? "")?.[1];
    if (account === undefined || account === registry.accountId || !/^\d{12}$/.test(registry.accountId)) return [];
    return [
      diagnostic({
        code: "foreign-key",
        path: template.pathOf("encryption"),
        constructs: [listedAddress("templates", template.id)],
        message: `names a key of account ${account}`,
        effect:
          "AWS does not document keys of other accounts for ECR: at the least its policy there must let this account's " +
          "template role create grants, or the first pull fails",
        fix: `name a key of account ${registry.accountId}, or leave the ARN out to get one`,
      }),
    ];
  });
}

function findRootPrefix({ resolved }: RegistryView): Diagnostic[] {
  return resolved.caches.flatMap(({ id, prefix, cache }, index): Diagnostic[] => {
    if (prefix !== ROOT_PREFIX || cache.upstream === "ecr") return [];
    return [
      diagnostic({
        code: "root-prefix",
        path: ["caches", index, "prefix"],
        constructs: [listedAddress("caches", id)],
        message: "is ROOT for an upstream that is not ECR",
        effect:
          "AWS documents ROOT only for caches of another ECR registry, and whether it works here is not established",
        fix: "try a pull before you rely on it, or choose a prefix",
      }),
    ];
  });
}

/**
 * The newest user guide no longer excludes any Region. A page of the China Regions, which has no date, still does.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
 */
function findChina({ registry: { region, caches } }: RegistryView): Diagnostic[] {
  if (caches.length === 0 || partitionOf(region) !== "aws-cn") return [];
  return [
    diagnostic({
      code: "china-not-confirmed",
      path: ["region"],
      constructs: [],
      message: `(${region}) is in China`,
      effect: "AWS does not confirm pull through cache there, so ECR may refuse the cache rules",
      fix: "deploy one cache first and pull an image, then acknowledge the warning",
    }),
  ];
}

/** @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html */
function findFips({ registry: { endpoint, caches } }: RegistryView): Diagnostic[] {
  if (caches.length === 0 || endpoint !== "fips") return [];
  return [
    diagnostic({
      code: "fips-cannot-import",
      path: ["endpoint"],
      constructs: [],
      message: "is fips, and ECR does not import images through FIPS endpoints",
      effect: "the first pull of each image fails unless something else has pulled it from another endpoint before",
      fix: "import images first: npm run warm; then acknowledge the warning",
    }),
  ];
}
