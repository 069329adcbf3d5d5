import { Diagnostic, diagnostic, isUnresolved, Path } from "../basics";

/**
 * The host name by which clients reach a registry: over IPv4, over IPv4 and IPv6, or with FIPS 140 validated
 * cryptography. ECR serves the same images under each, but imports none through a FIPS endpoint.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-requests.html
 */
export type RegistryEndpoint = "ipv4" | "dual-stack" | "fips";

const ENDPOINTS: readonly unknown[] = ["ipv4", "dual-stack", "fips"];

/** Checks an endpoint. */
export function checkEndpoint(endpoint: RegistryEndpoint, path: Path): Diagnostic[] {
  if (ENDPOINTS.includes(endpoint) || isUnresolved(endpoint)) return [];
  const fix = 'write "ipv4", "dual-stack" or "fips"';
  return [diagnostic({ path, message: "is not a known value", value: endpoint, fix })];
}
