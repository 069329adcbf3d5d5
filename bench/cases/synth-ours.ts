import { synthesize } from "../../stacks";
import { describedEnvironments } from "../described-environments";
import { reportUsage } from "../report-usage";

const [count = "3", outdir = "out"] = process.argv.slice(2);

const environments = describedEnvironments(Number(count));
synthesize(environments, outdir);
reportUsage();
