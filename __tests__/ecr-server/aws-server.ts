import * as secretsManager from "@aws-sdk/client-secrets-manager";
import * as tagging from "@aws-sdk/client-resource-groups-tagging-api";
import { createServer, ServerResponse } from "node:http";
import { EcrServer } from "./ecr-server";
import { listen } from "./listen";
import { allOf, botocoreModel, sdkModel, ServiceModel } from "./service-model";

/** The services beside ECR that the commands ask, as far as they ask them, on 127.0.0.1. */
export interface AwsServer {
  readonly url: string;
  /** The account that all credentials are of. */
  accountId: string;
  /** The actions of STS and IAM that were called, each with what it said. */
  readonly calls: URLSearchParams[];
  /** The actions of other services that were called. */
  readonly actions: string[];
  /** The ARNs of the roles and users that exist; everybody does, if it is left out. */
  principals: ReadonlySet<string> | undefined;
  /** When the current value of each secret was set, in seconds since 1970, by ARN. */
  readonly secrets: Map<string, number>;
  /** Actions that the caller is not allowed. */
  readonly denied: Set<string>;
  /** An error that every call of STS ends with. */
  failure: string | undefined;
  /** The registry whose repositories have tags. */
  ecr: EcrServer | undefined;
  close(): Promise<void>;
}

const MODELS: Readonly<Record<string, ServiceModel>> = {
  GetResources: both(sdkModel({ ...tagging }), botocoreModel("resourcegroupstaggingapi", "2017-01-26", "GetResources")),
  ListSecretVersionIds: both(
    sdkModel({ ...secretsManager }),
    botocoreModel("secretsmanager", "2017-10-17", "ListSecretVersionIds"),
  ),
};

function both(sdk: ServiceModel, botocore: ServiceModel | undefined): ServiceModel {
  return allOf([sdk, ...(botocore === undefined ? [] : [botocore])]);
}

/** Starts the services on a free port. */
export async function startAwsServer(accountId: string): Promise<AwsServer> {
  const violations: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString("utf8");
      response.setHeader("date", new Date(Date.now() + (aws.ecr?.clockOffset ?? 0) * 1000).toUTCString());
      const target = String(request.headers["x-amz-target"] ?? "").split(".")[1];
      if (target === undefined) answerQuery(aws, new URLSearchParams(text), response);
      else violations.push(...answerJson(aws, target, JSON.parse(text) as object, response));
    });
  });
  const listening = await listen(server);
  const aws: AwsServer = {
    url: listening.url,
    accountId,
    calls: [],
    actions: [],
    principals: undefined,
    secrets: new Map(),
    denied: new Set(),
    failure: undefined,
    ecr: undefined,
    close: async () => {
      await listening.close();
      if (violations.length > 0)
        throw new Error(`requests or answers do not obey the service model:\n${violations.join("\n")}`);
    },
  };
  return aws;
}

function answerJson(aws: AwsServer, action: string, input: object, response: ServerResponse): string[] {
  aws.actions.push(action);
  const send = (status: number, body: object) => {
    response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
    response.end(JSON.stringify(body));
  };
  if (aws.denied.has(action)) {
    send(400, { __type: "AccessDeniedException", message: `not authorized to perform ${action}` });
    return [];
  }
  const output = action === "GetResources" ? getResources(aws, input) : listSecretVersionIds(aws, input);
  if (output === undefined)
    send(400, { __type: "ResourceNotFoundException", message: "Secrets Manager can't find it" });
  else send(200, output);
  const model = MODELS[action]!;
  return [...model.request(action, input), ...(output === undefined ? [] : model.response(action, output))];
}

/** Only what has tags is found, as in AWS. */
function getResources({ ecr }: AwsServer, input: { PaginationToken?: string; ResourcesPerPage?: number }): object {
  const tagged = ecr!.state.repositories.all.filter(({ tags }) => tags.length > 0);
  const start = Number(input.PaginationToken || 0);
  const end = start + (input.ResourcesPerPage ?? 50);
  return {
    PaginationToken: end < tagged.length ? String(end) : "",
    ResourceTagMappingList: tagged.slice(start, end).map(({ arn, tags }) => ({ ResourceARN: arn, Tags: tags })),
  };
}

function listSecretVersionIds({ secrets }: AwsServer, input: { SecretId?: string }): object | undefined {
  const setAt = secrets.get(input.SecretId ?? "");
  if (setAt === undefined) return undefined;
  const id = (digit: string) => digit.repeat(32);
  return {
    ARN: input.SecretId,
    Versions: [
      { VersionId: id("1"), VersionStages: ["AWSPREVIOUS"], CreatedDate: setAt - 1000 },
      { VersionId: id("2"), VersionStages: ["AWSCURRENT"], CreatedDate: setAt },
    ],
  };
}

function answerQuery(aws: AwsServer, call: URLSearchParams, response: ServerResponse): void {
  aws.calls.push(call);
  const action = call.get("Action") ?? "";
  const send = (status: number, body: string) => {
    response.writeHead(status, { "content-type": "text/xml" });
    response.end(body);
  };
  const refuse = (code: string) => {
    send(400, `<ErrorResponse><Error><Code>${code}</Code><Message>${code} here</Message></Error></ErrorResponse>`);
  };
  const answer = (namespace: string, result: string) => {
    const inner = `<${action}Result>${result}</${action}Result>`;
    send(200, `<${action}Response xmlns="${namespace}">${inner}</${action}Response>`);
  };
  if (aws.denied.has(action)) refuse("AccessDenied");
  else if (action === "GetRole" || action === "GetUser") {
    const kind = action === "GetRole" ? "Role" : "User";
    const name = call.get(`${kind}Name`)!;
    const arn = `arn:aws:iam::${aws.accountId}:${kind.toLowerCase()}/${name}`;
    if (aws.principals?.has(arn) === false) refuse("NoSuchEntity");
    else answer("https://iam.amazonaws.com/doc/2010-05-08/", `<${kind}><Arn>${arn}</Arn></${kind}>`);
  } else if (aws.failure !== undefined) refuse(aws.failure);
  else answer("https://sts.amazonaws.com/doc/2011-06-15/", stsResult(action, aws.accountId));
}

function stsResult(action: string, accountId: string): string {
  return action === "AssumeRole"
    ? "<Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>" +
        "<SessionToken>session</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>"
    : `<Account>${accountId}</Account><UserId>AIDA</UserId><Arn>arn:aws:iam::${accountId}:user/ops</Arn>`;
}
