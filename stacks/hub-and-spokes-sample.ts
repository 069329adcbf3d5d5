import { Environment } from "./environment";
import { hubAndSpokes } from "./hub-and-spokes";

const pullers = [{ role: "ECRDeveloperRole" }];

/** The only account that knows the credential for Docker Hub. */
const hub: Environment = {
  name: "hub",
  accountId: "111122223333",
  region: "us-east-1",
  backend: { type: "local" },
  caches: [{ upstream: "docker-hub", credential: { type: "new-secret" } }, { upstream: "quay" }],
  pullers,
};

/** Another account in the same region: ECR needs a role there, and the hub's permission. */
const workloads: Environment = {
  name: "workloads",
  accountId: "444455556666",
  region: "us-east-1",
  backend: { type: "local" },
  caches: [],
  pullers,
};

/** The hub's own account in another region: ECR needs neither. */
const europe: Environment = { ...hub, name: "hub-europe", region: "eu-west-1", caches: [] };

/** A hub with two spokes. To use it, put it in the place of the list in `environments.ts`. */
export const hubAndSpokesSample: readonly Environment[] = hubAndSpokes({ hub, spokes: [workloads, europe] });
