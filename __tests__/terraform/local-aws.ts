import { EcrServer, startEcrServer } from "../ecr-server/ecr-server";
import { Credentials, Moto } from "./moto";
import { Recorder } from "./recorder";

/** Whose services are wanted. */
export interface LocalAwsOptions {
  readonly accountId: string;
  readonly region: string;
  /**
   * The ARNs of secrets that exist though moto does not have them.
   *
   * @default - none
   */
  readonly existingSecrets?: readonly string[];
}

/** The services of one account and region on 127.0.0.1: ECR is ours, the others are moto's. */
export class LocalAws {
  private constructor(
    public readonly ecr: EcrServer,
    private readonly moto: Moto,
    private readonly recorder: Recorder,
    private readonly credentials: Credentials,
    private readonly region: string,
  ) {}

  /** Everything that was in moto is forgotten. */
  public static async start(moto: Moto, options: LocalAwsOptions): Promise<LocalAws> {
    const { accountId, region, existingSecrets = [] } = options;
    await moto.reset();
    const credentials = await moto.credentials(accountId);
    const secretExists = async (SecretId: string): Promise<boolean> => {
      if (existingSecrets.includes(SecretId)) return true;
      const target = { service: "secretsmanager", region, credentials } as const;
      return moto.json(target, "GetSecretValue", { SecretId }).then(
        () => true,
        () => false,
      );
    };
    const recorder = await Recorder.start(moto.url);
    return new LocalAws(await startEcrServer({ accountId, region, secretExists }), moto, recorder, credentials, region);
  }

  public async close(): Promise<void> {
    await Promise.all([this.ecr.close(), this.recorder.close()]);
  }

  /** What was called until now, in the terms of IAM. STS only says who calls, or takes on the role that is allowed it. */
  public actions(): string[] {
    const all = [...this.ecr.calls.map(({ action }) => `ecr:${action}`), ...this.recorder.actions];
    return all.filter((action) => !action.startsWith("sts:"));
  }

  /**
   * What the provider reads from its environment to call these services instead of AWS's. As settings in the stack
   * they would be a change more, and its block of endpoints costs two seconds wherever it is read.
   */
  public environment(): NodeJS.ProcessEnv {
    const { url } = this.recorder;
    return {
      AWS_ACCESS_KEY_ID: this.credentials.access_key,
      AWS_SECRET_ACCESS_KEY: this.credentials.secret_key,
      AWS_SESSION_TOKEN: this.credentials.token,
      AWS_ENDPOINT_URL_ECR: this.ecr.url,
      AWS_ENDPOINT_URL_IAM: url,
      AWS_ENDPOINT_URL_EVENTBRIDGE: url,
      AWS_ENDPOINT_URL_KMS: url,
      AWS_ENDPOINT_URL_SNS: url,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: url,
      AWS_ENDPOINT_URL_STS: url,
    };
  }

  public async createSecret(Name: string, value: object): Promise<string> {
    const input = { Name, SecretString: JSON.stringify(value), ClientRequestToken: "a".repeat(32) };
    return String((await this.secrets("CreateSecret", input)).ARN);
  }

  public async secretNames(): Promise<string[]> {
    const { SecretList } = await this.secrets("ListSecrets", {});
    return (SecretList as { Name: string }[]).map(({ Name }) => Name);
  }

  public async secretValue(SecretId: string): Promise<unknown> {
    return JSON.parse(String((await this.secrets("GetSecretValue", { SecretId })).SecretString));
  }

  public async roleNames(): Promise<string[]> {
    const answer = await this.moto.query("iam", "ListRoles", { Version: "2010-05-08" }, this.credentials.access_key);
    return [...answer.matchAll(/<RoleName>([^<]+)<\/RoleName>/g)].map(([, name]) => name!);
  }

  /** The keys that are in use, by their ARNs; a key that will be deleted is not. */
  public async keyArns(): Promise<string[]> {
    const { Keys } = await this.kms("ListKeys", {});
    const described = await Promise.all((Keys as { KeyId: string }[]).map((key) => this.kms("DescribeKey", key)));
    const metadata = described.map(({ KeyMetadata }) => KeyMetadata as { Arn: string; KeyState: string });
    return metadata.filter(({ KeyState }) => KeyState !== "PendingDeletion").map(({ Arn }) => Arn);
  }

  public async aliasNames(): Promise<string[]> {
    const { Aliases } = await this.kms("ListAliases", {});
    const names = (Aliases as { AliasName: string }[]).map(({ AliasName }) => AliasName);
    return names.filter((name) => !name.startsWith("alias/aws/"));
  }

  private secrets(action: string, input: object) {
    const { region, credentials } = this;
    return this.moto.json({ service: "secretsmanager", region, credentials }, action, input);
  }

  private kms(action: string, input: object) {
    const { region, credentials } = this;
    return this.moto.json({ service: "kms", region, credentials }, action, { ...input });
  }
}
