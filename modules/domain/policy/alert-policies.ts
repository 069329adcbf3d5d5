import { accountArn, RegistryScope } from "../naming";
import { PolicyDocument, policyDocument } from "./policy-document";

const EVENTS = "events.amazonaws.com";

/**
 * The policy of a topic to which only the given EventBridge rules publish.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions
 */
export function alertsTopicPolicy(topicArn: string, ruleArns: readonly string[]): PolicyDocument {
  return policyDocument([
    {
      Sid: "AllowRules",
      Effect: "Allow",
      Principal: { Service: EVENTS },
      Action: "sns:Publish",
      Resource: topicArn,
      Condition: { ArnEquals: { "aws:SourceArn": ruleArns } },
    },
  ]);
}

/**
 * The policy of the key of such a topic: the account manages it, and EventBridge publishes encrypted messages. SNS does
 * not document which condition keys these calls have, so there is no condition: the topic's policy names the rules.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export function alertsKeyPolicy(scope: RegistryScope): PolicyDocument {
  return policyDocument([
    {
      Sid: "EnableIAMUserPermissions",
      Effect: "Allow",
      Principal: { AWS: accountArn(scope) },
      Action: "kms:*",
      Resource: "*",
    },
    {
      Sid: "AllowEventBridge",
      Effect: "Allow",
      Principal: { Service: EVENTS },
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: "*",
    },
  ]);
}
