import { Command } from "commander";
import { connectToEcr, EcrPort } from "../operations";
import { RegionalEnvironment, regionalEnvironments } from "../stacks/environment-regions";
import { checkedEnvironments, chooseEnvironment, envOption, regionOption } from "./choose-environments";

/** What every command that calls AWS is told. */
export interface LiveOptions {
  readonly env: string;
  readonly region?: string;
  readonly profile?: string;
  readonly assumeRole: boolean;
  readonly json?: true;
}

/** Adds the options with which an environment's registry is found. */
export function withLiveOptions(command: Command): Command {
  return command
    .addOption(envOption())
    .addOption(regionOption())
    .option("--profile <name>", "the profile to start from (default: the default credential chain)")
    .option("--no-assume-role", "use these credentials as they are, and not the environment's role")
    .option("--json", "print it as JSON");
}

/** The environment that is meant, and its registry. */
export function connect({ env, region, profile, assumeRole }: LiveOptions): {
  readonly environment: RegionalEnvironment;
  readonly port: EcrPort;
} {
  // The SDK warns about Node.js versions of its future releases, which does not matter for the pinned one.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  const environment = chooseEnvironment(env, region);
  const role = assumeRole ? environment.assumeRole : undefined;
  return { environment, port: connectToEcr({ region: environment.region, profile, assumeRole: role }) };
}

/** The other environments that are in the same registry. */
export function neighbours({ name, accountId, region }: RegionalEnvironment): RegionalEnvironment[] {
  const all = checkedEnvironments().flatMap(regionalEnvironments);
  return all.filter((other) => other.accountId === accountId && other.region === region && other.name !== name);
}
