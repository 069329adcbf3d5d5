import { Path, Diagnostic, diagnostic } from "../basics";

/**
 * Every IAM action of Amazon ECR. `BatchImportUpstreamImage`, `GetImageCopyStatus` and `ReplicateImage` are
 * permissions only: no API operation has these names.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
 */
export const ECR_ACTIONS = [
  "ecr:BatchCheckLayerAvailability",
  "ecr:BatchDeleteImage",
  "ecr:BatchGetImage",
  "ecr:BatchGetRepositoryScanningConfiguration",
  "ecr:BatchImportUpstreamImage",
  "ecr:CompleteLayerUpload",
  "ecr:CreatePullThroughCacheRule",
  "ecr:CreateRepository",
  "ecr:CreateRepositoryCreationTemplate",
  "ecr:DeleteLifecyclePolicy",
  "ecr:DeletePullThroughCacheRule",
  "ecr:DeleteRegistryPolicy",
  "ecr:DeleteRepository",
  "ecr:DeleteRepositoryCreationTemplate",
  "ecr:DeleteRepositoryPolicy",
  "ecr:DeleteSigningConfiguration",
  "ecr:DeregisterPullTimeUpdateExclusion",
  "ecr:DescribeImageReplicationStatus",
  "ecr:DescribeImageScanFindings",
  "ecr:DescribeImageSigningStatus",
  "ecr:DescribeImages",
  "ecr:DescribePullThroughCacheRules",
  "ecr:DescribeRegistry",
  "ecr:DescribeRepositories",
  "ecr:DescribeRepositoryCreationTemplates",
  "ecr:GetAccountSetting",
  "ecr:GetAuthorizationToken",
  "ecr:GetDownloadUrlForLayer",
  "ecr:GetImageCopyStatus",
  "ecr:GetLifecyclePolicy",
  "ecr:GetLifecyclePolicyPreview",
  "ecr:GetRegistryPolicy",
  "ecr:GetRegistryScanningConfiguration",
  "ecr:GetRepositoryPolicy",
  "ecr:GetSigningConfiguration",
  "ecr:InitiateLayerUpload",
  "ecr:ListImages",
  "ecr:ListPullTimeUpdateExclusions",
  "ecr:ListTagsForResource",
  "ecr:PutAccountSetting",
  "ecr:PutImage",
  "ecr:PutImageScanningConfiguration",
  "ecr:PutImageTagMutability",
  "ecr:PutLifecyclePolicy",
  "ecr:PutRegistryPolicy",
  "ecr:PutRegistryScanningConfiguration",
  "ecr:PutReplicationConfiguration",
  "ecr:PutSigningConfiguration",
  "ecr:RegisterPullTimeUpdateExclusion",
  "ecr:ReplicateImage",
  "ecr:SetRepositoryPolicy",
  "ecr:StartImageScan",
  "ecr:StartLifecyclePolicyPreview",
  "ecr:TagResource",
  "ecr:UntagResource",
  "ecr:UpdateImageStorageClass",
  "ecr:UpdatePullThroughCacheRule",
  "ecr:UpdateRepositoryCreationTemplate",
  "ecr:UploadLayerPart",
  "ecr:ValidatePullThroughCacheRule",
] as const;

/** An IAM action of Amazon ECR. There is no wildcard among them. */
export type EcrAction = (typeof ECR_ACTIONS)[number];

/**
 * What pulls an image that is in the registry, beside `ecr:GetAuthorizationToken`, which only an identity policy can
 * give.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html
 */
export const PULL_ACTIONS: readonly EcrAction[] = [
  "ecr:BatchCheckLayerAvailability",
  "ecr:BatchGetImage",
  "ecr:GetDownloadUrlForLayer",
];

/**
 * What the first pull of an image needs beside the actions of a pull: ECR imports the image, and creates the
 * repository if there is none.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html
 */
export const PULL_THROUGH_ACTIONS: readonly EcrAction[] = ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"];

/** Everything that a first pull asks of a repository. */
export const FIRST_PULL_ACTIONS: readonly EcrAction[] = [...PULL_ACTIONS, ...PULL_THROUGH_ACTIONS];

/** What puts content into a repository: the actions of a push that a pull does not need. */
export const UPLOAD_ACTIONS: readonly EcrAction[] = [
  "ecr:CompleteLayerUpload",
  "ecr:InitiateLayerUpload",
  "ecr:PutImage",
  "ecr:UploadLayerPart",
];

/**
 * What pushes an image. Clients look first at what is there already.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
 */
export const PUSH_ACTIONS: readonly EcrAction[] = [
  "ecr:BatchCheckLayerAvailability",
  "ecr:BatchGetImage",
  ...UPLOAD_ACTIONS,
];

/** What reads a repository's settings, its images' names and their findings, but no image. */
export const AUDIT_ACTIONS: readonly EcrAction[] = [
  "ecr:DescribeImageReplicationStatus",
  "ecr:DescribeImageScanFindings",
  "ecr:DescribeImageSigningStatus",
  "ecr:DescribeImages",
  "ecr:DescribeRepositories",
  "ecr:GetLifecyclePolicy",
  "ecr:GetRepositoryPolicy",
  "ecr:ListImages",
  "ecr:ListTagsForResource",
];

/**
 * What Lambda needs to fetch a function's image.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#gettingstarted-images-permissions
 */
export const LAMBDA_PULL_ACTIONS: readonly EcrAction[] = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];

/**
 * What a registry has to allow the account whose registry caches it.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-private.html
 */
export const UPSTREAM_ACTIONS: readonly EcrAction[] = [
  "ecr:BatchGetImage",
  "ecr:BatchImportUpstreamImage",
  "ecr:GetDownloadUrlForLayer",
  "ecr:GetImageCopyStatus",
];

/** What is wrong with a list of actions. */
export function checkEcrActions(actions: readonly EcrAction[], path: Path): Diagnostic[] {
  if (!Array.isArray(actions) || actions.length === 0) {
    const fix = 'write e.g. ["ecr:BatchGetImage"]';
    return [diagnostic({ path, message: "must be a list of at least one action", value: actions, fix })];
  }
  const known: readonly unknown[] = ECR_ACTIONS;
  return actions.flatMap((value: unknown, index) =>
    known.includes(value)
      ? []
      : [
          diagnostic({
            path: [...path, index],
            message: "must be an action of Amazon ECR, spelled out",
            value,
            fix: nearest(value),
          }),
        ],
  );
}

function nearest(value: unknown): string {
  const given = String(value).toLowerCase();
  if (given.includes("*")) {
    return 'name each action, e.g. "ecr:BatchGetImage": a wildcard also allows what ECR adds later';
  }
  const action = ECR_ACTIONS.find((known) => known.toLowerCase() === (given.includes(":") ? given : `ecr:${given}`));
  return `write ${action ? `"${action}"` : 'e.g. "ecr:BatchGetImage"'}`;
}
