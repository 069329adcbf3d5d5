/** How long the calls of an audit take when AWS throttles, for each way to retry: seconds, and calls that failed. */
import { createServer } from "node:http";
import { AddressInfo } from "node:net";
import { DescribeImagesCommand, ECRClient, ECRClientConfig } from "@aws-sdk/client-ecr";
import limitConcurrency from "p-limit";
import { ATTEMPTS, retryEachCall } from "../../operations/retry-strategy";

const REPOSITORIES = Number(process.argv[2] ?? 200);
const CALLS = 3;
const LATENCY_MS = 20;
const AT_ONCE = 10;

/** Whether the next call is throttled. */
type Throttle = () => boolean;

/** Others use up the quota: a part of the calls is throttled, however slowly we call. */
function byOthers(part: number): Throttle {
  let sum = 0;
  return () => {
    sum += part;
    if (sum < 1) return false;
    sum -= 1;
    return true;
  };
}

/** We use up the quota: so many calls at once, and so many more each second. */
function byUs(burst: number, perSecond: number): Throttle {
  let tokens = burst;
  let at = performance.now();
  return () => {
    const now = performance.now();
    tokens = Math.min(burst, tokens + ((now - at) / 1000) * perSecond);
    at = now;
    if (tokens < 1) return true;
    tokens -= 1;
    return false;
  };
}

const SCENARIOS: Readonly<Record<string, () => Throttle>> = {
  "5 % throttled by others": () => byOthers(0.05),
  "20 % throttled by others": () => byOthers(0.2),
  "quota of 100 calls a second": () => byUs(50, 100),
  "quota of 20 calls a second": () => byUs(20, 20),
};

const CONTENDERS: Readonly<Record<string, () => ECRClientConfig>> = {
  adaptive: () => ({ retryMode: "adaptive", maxAttempts: ATTEMPTS }),
  standard: () => ({ retryMode: "standard", maxAttempts: ATTEMPTS }),
  "each call by itself": () => ({ retryStrategy: retryEachCall() }),
};

async function run(throttle: Throttle, config: ECRClientConfig): Promise<{ seconds: number; failed: number }> {
  const server = createServer((request, response) => {
    request.resume();
    setTimeout(() => {
      const isThrottled = throttle();
      response.writeHead(isThrottled ? 400 : 200, { "content-type": "application/x-amz-json-1.1" });
      response.end(isThrottled ? '{"__type":"ThrottlingException","message":"Rate exceeded"}' : '{"imageDetails":[]}');
    }, LATENCY_MS);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: "AKIATEST", secretAccessKey: "secret" };
  const client = new ECRClient({ region: "us-east-1", endpoint, credentials, ...config });
  const limit = limitConcurrency(AT_ONCE);
  let failed = 0;
  const start = performance.now();
  const calls = Array.from({ length: REPOSITORIES * CALLS }, () =>
    limit(() => client.send(new DescribeImagesCommand({ repositoryName: "quay/app" })).catch(() => (failed += 1))),
  );
  await Promise.all(calls);
  const seconds = (performance.now() - start) / 1000;
  client.destroy();
  server.closeAllConnections();
  server.close();
  return { seconds, failed };
}

async function main(): Promise<void> {
  const rows: Record<string, Record<string, { seconds: number; failed: number }>> = {};
  for (const [scenario, throttle] of Object.entries(SCENARIOS)) {
    rows[scenario] = {};
    for (const [contender, config] of Object.entries(CONTENDERS)) {
      const measured = await run(throttle(), config());
      rows[scenario][contender] = measured;
      console.error(`${scenario}, ${contender}: ${measured.seconds.toFixed(1)} s, ${measured.failed} failed`);
    }
  }
  console.log(JSON.stringify({ calls: REPOSITORIES * CALLS, contenders: Object.keys(CONTENDERS), rows }));
}

void main();
