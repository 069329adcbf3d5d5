import { acceptForm, checkForm, checkRegistryForm, formatDiagnostic, FormProblem } from "../modules/domain";
import { Environment } from "./environment";
import validate from "./environment-form-validator";
import { inRegion, RegionalEnvironment, regionalEnvironments } from "./environment-regions";

/** Checks the form of an environment, in its own region and in each further one. */
export function checkEnvironmentForm(environment: Environment): FormProblem[] {
  const problems = checkParts(environment);
  if (problems.length > 0) return problems;
  const [home, ...others] = regionalEnvironments(environment);
  acceptForm(home!);
  return others.flatMap((stack) => {
    const found = checkParts(stack);
    if (found.length === 0) acceptForm(stack);
    return found.map((one) => inRegion(one, environment, stack.region));
  });
}

/** Checks the fields that only an environment has, and those of its registry. */
function checkParts(environment: RegionalEnvironment): FormProblem[] {
  const own = checkForm(validate, environment);
  if (own.some(({ path }) => path.length === 0)) return own;
  const wrong = new Set(own.flatMap(({ path }) => (path.length === 1 ? path : [])));
  const fields = Object.entries(environment).filter(([field]) => !OWN.includes(field) && !wrong.has(field));
  const known = new Set(own.map(formatDiagnostic));
  const ofRegistry = checkRegistryForm(Object.fromEntries(fields) as unknown as Environment);
  return [...own, ...ofRegistry.filter((one) => !known.has(formatDiagnostic(one)))];
}

const OWN: readonly string[] = ["name", "backend", "assumeRole", "additionalRegions"];
