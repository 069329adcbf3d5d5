output "registry_host" {
  value       = "123456789012.dkr.ecr.us-east-1.amazonaws.com"
  description = "The host for docker login and docker pull"
}

output "pull_prefixes" {
  description = "What to put before an upstream image's path to pull it through each cache"

  value = {
    prod = "123456789012.dkr.ecr.us-east-1.amazonaws.com/prod"
  }
}

output "template_role_arn" {
  value       = aws_iam_role.registry_template-role_81B8186D.arn
  description = "The role with which ECR creates repositories"
}

output "key_arn" {
  value       = aws_kms_key.registry_key_52CBB013.arn
  description = "The key with which cached images are encrypted"
}
