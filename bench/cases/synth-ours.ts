import { expireUntagged } from "../../modules/domain";
import { Environment, synthesize } from "../../stacks";
import { accounts, EXPIRY_DAYS, PULLER, REGION, TAGS } from "../bench-environments";
import { reportUsage } from "../report-usage";

const [count = "3", outdir = "out"] = process.argv.slice(2);

const environments = accounts(Number(count)).map(({ name, accountId }): Environment => {
  return {
    name,
    accountId,
    region: REGION,
    backend: { type: "local" },
    tags: TAGS,
    pullers: [{ role: PULLER }],
    caches: [{ upstream: "docker-hub", credential: { type: "managed-secret" } }, { upstream: "quay" }],
    defaults: { lifecyclePolicy: { rules: expireUntagged({ afterDays: EXPIRY_DAYS }) } },
  };
});
synthesize(environments, outdir);
reportUsage();
