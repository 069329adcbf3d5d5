import { shutOut } from "../../operations";
import { Environment } from "../../stacks";
import { samples } from "../../stacks/samples";

const [dev, , prod] = samples as [Environment, Environment, Environment];
const role = (name: string) => `arn:aws:iam::${prod.accountId}:role/${name}`;

test.each([
  ["the role that deploys, where only pullers are let in", prod, role("TerraformDeploy"), ["prod"]],
  ["nobody who pulls", prod, role("ECRDeveloperRole"), []],
  ["whoever is not known, where only pullers are let in", prod, undefined, ["prod"]],
  ["nobody where all are let in", dev, undefined, []],
] as const)("%s", (_, environment, roleArn, prefixes) => {
  expect(shutOut(environment, roleArn)).toEqual(prefixes);
});
