import { AwsClients } from "./aws-clients";
import { EcrPort } from "./ecr-port";
import { isDenied } from "./failures";

type OtherServices = Pick<EcrPort, "allTags" | "principalExists" | "secretValueSetAt">;

/** The answers that other services than ECR give. Their clients are loaded when they are needed. */
export function otherServices({ common, limit }: AwsClients): OtherServices {
  return {
    async allTags() {
      const { paginateGetResources, ResourceGroupsTaggingAPIClient } =
        await import("@aws-sdk/client-resource-groups-tagging-api");
      const client = new ResourceGroupsTaggingAPIClient(common);
      const tags = new Map<string, Readonly<Record<string, string>>>();
      try {
        const pages = paginateGetResources({ client, pageSize: 100 }, { ResourceTypeFilters: ["ecr:repository"] });
        for await (const { ResourceTagMappingList = [] } of pages) {
          for (const { ResourceARN, Tags = [] } of ResourceTagMappingList) {
            tags.set(ResourceARN!, Object.fromEntries(Tags.map(({ Key, Value }) => [Key!, Value!])));
          }
        }
      } catch (error) {
        if (!isDenied(error)) throw error;
        tags.clear();
      }
      return tags;
    },
    async principalExists(arn) {
      const { GetRoleCommand, GetUserCommand, IAMClient } = await import("@aws-sdk/client-iam");
      const [, kind, path] = /:iam::\d{12}:(role|user)\/(.+)$/.exec(arn) ?? [];
      const name = path?.split("/").at(-1);
      const client = new IAMClient(common);
      try {
        const found = await limit(async () =>
          kind === "role"
            ? (await client.send(new GetRoleCommand({ RoleName: name }))).Role
            : (await client.send(new GetUserCommand({ UserName: name }))).User,
        );
        // IAM finds a role by its name alone, and a policy names it with its path.
        return found?.Arn === arn;
      } catch (error) {
        if ((error as Error).name === "NoSuchEntityException") return false;
        if (isDenied(error)) return undefined;
        throw error;
      }
    },
    async secretValueSetAt(SecretId) {
      const { ListSecretVersionIdsCommand, SecretsManagerClient } = await import("@aws-sdk/client-secrets-manager");
      const client = new SecretsManagerClient(common);
      const { Versions = [] } = await limit(() => client.send(new ListSecretVersionIdsCommand({ SecretId })));
      return Versions.find(({ VersionStages = [] }) => VersionStages.includes("AWSCURRENT"))?.CreatedDate;
    },
  };
}
