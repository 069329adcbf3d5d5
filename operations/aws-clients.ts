import { ECRClient } from "@aws-sdk/client-ecr";
import { STSClient } from "@aws-sdk/client-sts";
import { fromNodeProviderChain, fromTemporaryCredentials } from "@aws-sdk/credential-providers";
import { Clock } from "./ecr-port";
import { CallLimit, limitCalls } from "./in-parallel";
import { ATTEMPTS, backOff, retryEachCall, RetryDelay } from "./retry-strategy";

/** How to reach a registry. */
export interface AwsConnection {
  /** The region of the registry. */
  readonly region: string;
  /**
   * The profile of the shared configuration files to start from.
   *
   * @default - the profile of the default credential chain
   */
  readonly profile?: string;
  /**
   * A role to assume first.
   *
   * @default - none
   */
  readonly assumeRole?: {
    /** The role's ARN. */
    readonly roleArn: string;
    /**
     * The external id that the role's trust policy requires.
     *
     * @default - none
     */
    readonly externalId?: string;
    /**
     * The session's name in CloudTrail.
     *
     * @default - the name that the SDK gives it
     */
    readonly sessionName?: string;
  };
  /**
   * The milliseconds to wait before each retry.
   *
   * @default - waits that double from a tenth of a second up to eight seconds, of which a random part is used
   */
  readonly retryDelay?: RetryDelay;
}

/** The clients for one registry, which share credentials, retries and a limit of calls at once. */
export interface AwsClients {
  /** For calls to ECR. */
  readonly ecr: ECRClient;
  /** For the caller's account, and the time. */
  readonly sts: STSClient;
  /** The settings for clients of other services. */
  readonly common: ClientSettings;
  /** The limit that all calls share. */
  readonly limit: CallLimit;
  /** The wait before each retry. */
  readonly retryDelay: RetryDelay;
  /** The time according to the latest response; `undefined` before the first one. */
  readonly clock: () => Clock | undefined;
}

/** What every client is made with. */
export interface ClientSettings {
  /** The Region of the registry. */
  readonly region: string;
  /** The credentials, after a role was assumed. */
  readonly credentials: CredentialProvider;
  /** How calls are retried. */
  readonly retryStrategy: ReturnType<typeof retryEachCall>;
  /** How long a connection may take. */
  readonly requestHandler: {
    /** In milliseconds. */
    readonly connectionTimeout: number;
  };
}

type CredentialProvider = ReturnType<typeof fromNodeProviderChain>;

/** Without a network, packets can vanish without an answer: a connection is made soon or not at all. */
const CONNECTION_TIMEOUT = 700;
/** The first call finds out whether there is a network; one retry is enough for a connection that was lost. */
const FIRST_CALL_ATTEMPTS = 2;
/** How long a machine that is not an EC2 instance waits for the credentials of one, in milliseconds. */
const INSTANCE_METADATA_TIMEOUT = 500;

/** Creates the clients for a registry. */
export function awsClients({ region, profile, assumeRole, retryDelay = backOff }: AwsConnection): AwsClients {
  const requestHandler = { connectionTimeout: CONNECTION_TIMEOUT };
  const first = { requestHandler, retryStrategy: retryEachCall(FIRST_CALL_ATTEMPTS, retryDelay) };
  const own = ownCredentials(region, profile);
  const credentials =
    assumeRole === undefined
      ? own
      : fromTemporaryCredentials({
          masterCredentials: own,
          // The call that needs the credentials is retried, and this one with it.
          clientConfig: { region, requestHandler, retryStrategy: retryEachCall(1) },
          params: {
            RoleArn: assumeRole.roleArn,
            RoleSessionName: assumeRole.sessionName ?? "ecr-pull-through-cache",
            ExternalId: assumeRole.externalId,
          },
        });
  const common = { region, credentials, requestHandler, retryStrategy: retryEachCall(ATTEMPTS, retryDelay) };
  const limit = limitCalls();
  const ecr = new ECRClient(common);
  ecr.middlewareStack.add((next) => (args) => limit(() => next(args)), { step: "initialize" });
  const sts = new STSClient({ ...common, ...first });
  let clock: Clock | undefined;
  const readClock = (response: unknown) => {
    const { date } = (response as { headers?: Readonly<Record<string, string>> }).headers ?? {};
    const aws = new Date(date ?? "");
    if (!Number.isNaN(aws.getTime())) clock = { aws, local: new Date() };
  };
  // Between retries and deserialization, the response is still that of HTTP.
  ecr.middlewareStack.add(withResponse(readClock), { step: "deserialize", priority: "low" });
  sts.middlewareStack.add(withResponse(readClock), { step: "deserialize", priority: "low" });
  return { ecr, sts, common, limit, retryDelay, clock: () => clock };
}

function withResponse(read: (response: unknown) => void) {
  return <Input, Output extends { response: unknown }>(next: (args: Input) => Promise<Output>) =>
    async (args: Input): Promise<Output> => {
      const result = await next(args);
      read(result.response);
      return result;
    };
}

/** The credentials to start from. If there are none, the message names the profile that was asked for them. */
function ownCredentials(region: string, profile: string | undefined): CredentialProvider {
  const provider = fromNodeProviderChain({
    profile,
    clientConfig: { region, requestHandler: { connectionTimeout: CONNECTION_TIMEOUT }, maxAttempts: 1 },
    timeout: INSTANCE_METADATA_TIMEOUT,
    maxRetries: 0,
  });
  const named = profile ?? process.env.AWS_PROFILE;
  return async (properties) => {
    try {
      return await provider(properties);
    } catch (error) {
      if (named !== undefined && named !== "")
        (error as Error).message = `profile ${named}: ${(error as Error).message}`;
      throw error;
    }
  };
}
