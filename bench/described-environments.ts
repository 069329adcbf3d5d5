import { Environment } from "../stacks";
import { accounts, EXPIRY_DAYS, PULLER, REGION, TAGS } from "./bench-environments";

/** So many environments as this library describes them. */
export function describedEnvironments(count: number): Environment[] {
  return accounts(count).map(({ name, accountId }) => ({
    name,
    accountId,
    region: REGION,
    backend: { type: "local" },
    tags: TAGS,
    pullers: [{ role: PULLER }],
    caches: [{ upstream: "docker-hub", credential: { type: "new-secret" } }, { upstream: "quay" }],
    repositories: { lifecycle: [{ expireUntagged: { afterDays: EXPIRY_DAYS } }] },
  }));
}
