import { expireUntagged, findRegistry } from "../../modules/domain";
import { checkEnvironments, Environment, regionalEnvironments, reportEnvironment, reportOverview } from "../../stacks";
import { accounts, EXPIRY_DAYS, PULLER, REGION, TAGS } from "../bench-environments";
import { reportUsage } from "../report-usage";

/** What a synthesis does beside writing stacks: it runs in a process of its own to be counted by itself. */
const [count = "3", what = "nothing"] = process.argv.slice(2);
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
if (what === "everything") {
  if (checkEnvironments(environments).length > 0) throw new Error("the environments are wrong");
  const stacks = environments.flatMap(regionalEnvironments);
  stacks.forEach(findRegistry);
  stacks.forEach(reportEnvironment);
  reportOverview(stacks);
}
reportUsage();
