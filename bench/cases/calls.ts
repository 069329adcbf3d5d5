import {
  lifecycleRules,
  registryErrors,
  registryWarnings,
  Registry,
  renderLifecyclePolicy,
  renderPolicyDocument,
  repositoryPolicy,
  resolveImage,
  resolveRegistry,
} from "../../modules/domain";
import { REGION } from "../bench-environments";

const registry = (rules: number): Registry => ({
  accountId: "111122223333",
  region: REGION,
  caches: Array.from({ length: rules }, (_, index) => ({ upstream: "quay", prefix: `quay-${index}` })),
  pullers: [{ role: "node" }],
});

/** Microseconds a call, the best of several rounds, so that what disturbed one does not count. */
function time(work: () => unknown): number {
  let best = Infinity;
  for (let round = 0; round < 7; round++) {
    let calls = 0;
    const start = performance.now();
    while (performance.now() - start < 60 || calls < 3) {
      work();
      calls++;
    }
    best = Math.min(best, ((performance.now() - start) / calls) * 1000);
  }
  return best;
}

const sizes = [10, 100, 1000];
const lifecycle = { rules: lifecycleRules([{ expireUntagged: { afterDays: 3 } }]) };
const access = { pull: [{ role: "node" }] };
const rows: Record<string, number[]> = {
  resolveRegistry: sizes.map((rules) => time(() => resolveRegistry(registry(rules)))),
  resolveImage: sizes.map((rules) => {
    const described = registry(rules);
    return time(() => resolveImage("quay.io/org/app:v1", described));
  }),
  registryErrors: sizes.map((rules) => time(() => registryErrors(registry(rules)))),
  registryWarnings: sizes.map((rules) => time(() => registryWarnings(registry(rules)))),
  renderLifecyclePolicy: sizes.map(() => time(() => renderLifecyclePolicy(lifecycle))),
  repositoryPolicy: sizes.map(() => time(() => renderPolicyDocument(repositoryPolicy(registry(1), access)!))),
};
console.log(JSON.stringify({ sizes, rows }));
