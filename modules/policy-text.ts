import { escapeForTerraform, PolicyDocument, renderPolicyDocument } from "./domain/policy";

/** A policy document as an argument of a Terraform resource: IAM's `${aws:…}` variables stay IAM's. */
export function policyText(document: PolicyDocument): string {
  return escapeForTerraform(renderPolicyDocument(document));
}
