import assert from "node:assert/strict";
import { addressesWith, assertSucceeded, attempt, Bench, countByType, inWords } from "./bench";
import { Sample } from "./samples";
import { withLocalState } from "./stack-copies";
import { addressesOf, StackJson, variableValues } from "./stack-json";

/** With these the provider asks nobody who it is; it would with a role to take on or an account to compare with. */
export const OFFLINE_SETTINGS = {
  access_key: "none",
  secret_key: "none",
  skip_credentials_validation: true,
  skip_requesting_account_id: true,
  skip_metadata_api_check: true,
  skip_region_validation: true,
  allowed_account_ids: undefined,
  assume_role: undefined,
};

/** Nobody listens there: whoever would call AWS fails. */
export const NO_NETWORK = { HTTP_PROXY: "http://127.0.0.1:9", HTTPS_PROXY: "http://127.0.0.1:9", NO_PROXY: "" };

/** `terraform plan` without credentials or network: what would be added. */
export async function checkPlan(bench: Bench, { environment, created }: Sample, json: StackJson): Promise<void> {
  await attempt(bench, environment.name, "plan", async () => {
    const folder = bench.terraform.newFolder(withLocalState(json, OFFLINE_SETTINGS));
    const started = performance.now();
    const plan = await bench.terraform.plan(folder, { ...variableValues(json), ...NO_NETWORK });
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    assertSucceeded(plan, "plan");
    const added = addressesWith(plan.changes, "create");
    assert.deepEqual(added, addressesOf(json));
    assert.equal(plan.changes.length, added.length);
    assert.deepEqual(
      countByType(added),
      countByType(Object.entries(created).flatMap(([type, count]) => Array<string>(count).fill(type))),
    );
    return `adds ${inWords(countByType(added))}, in ${seconds} s, without credentials or network`;
  });
}
