/**
 * What access tokens and passwords of the upstream registries look like, each with its issuer: the forms that issuers
 * publish so that scanners find leaked ones.
 *
 * @see https://docs.docker.com/security/access-tokens/
 * @see https://github.blog/engineering/behind-githubs-new-authentication-token-formats/
 * @see https://docs.gitlab.com/security/tokens/#token-prefixes
 * @see https://learn.microsoft.com/purview/sit-defn-azure-ad-client-secret
 */
const FORMS: readonly (readonly [issuer: string, form: RegExp])[] = [
  ["Docker Hub", /dckr_[op]at_[A-Za-z0-9_-]{6,}/g],
  ["GitHub", /gh[opsur]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{16,}/g],
  ["GitLab", /gl(?:pat|dt|rt|ptt|ft|soat|cbt|imt|agent)-[A-Za-z0-9_-]{12,}/g],
  ["Azure", /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{42}\+ACR[A-Za-z0-9]{6}/g],
  ["Azure", /(?<![A-Za-z0-9_~.-])[A-Za-z0-9_~.]{3}\dQ~[A-Za-z0-9_~.-]{31,34}/g],
  ["Quay", /(?<![A-Za-z0-9])[A-Z0-9]{64}(?![A-Za-z0-9])/g],
  // Chainguard's pull tokens, Azure's refresh tokens and others are JSON Web Tokens.
  ["a registry", /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g],
  ["Amazon ECR", /eyJwYXlsb2FkIjoi[A-Za-z0-9+/=]{16,}/g],
  ["AWS", /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Za-z0-9])/g],
];

/** The issuer of the credential that a text holds; `undefined` if it holds none that can be recognized. */
export function issuerOfCredential(text: string): string | undefined {
  return FORMS.find(([, form]) => text.search(form) >= 0)?.[0];
}

/** A text without the credentials in it. */
export function hideCredentials(text: string): string {
  return FORMS.reduce((rest, [, form]) => rest.replace(form, "…"), text);
}
