import {
  checkEnvironments,
  regionalEnvironments,
  reportEnvironment,
  reportOverview,
  throwEnvironmentErrors,
} from "../../stacks";
import { describedEnvironments } from "../described-environments";
import { reportUsage } from "../report-usage";

/** What a synthesis does beside writing stacks: it runs in a process of its own to be counted by itself. */
const [count = "3", what = "nothing"] = process.argv.slice(2);
const environments = describedEnvironments(Number(count));
if (what === "everything") {
  throwEnvironmentErrors(checkEnvironments(environments));
  const stacks = environments.flatMap(regionalEnvironments);
  stacks.forEach(reportEnvironment);
  reportOverview(stacks);
}
reportUsage();
