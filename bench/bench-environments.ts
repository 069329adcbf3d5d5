/** The registry that all contenders describe: two caches, of which one needs a credential, with a key of its own. */
export const REGION = "us-east-1";
export const PULLER = "ECRDeveloperRole";
export const TAGS = { team: "platform" };
export const EXPIRY_DAYS = 14;

/** So many stacks, each of an account of its own. */
export function accounts(count: number): readonly { readonly name: string; readonly accountId: string }[] {
  return Array.from({ length: count }, (_, index) => {
    return { name: `env-${index}`, accountId: String(100_000_000_000 + index) };
  });
}
