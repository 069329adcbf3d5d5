provider "aws" {
  allowed_account_ids = ["123456789012"]
  region              = "us-east-1"

  assume_role {
    role_arn     = "arn:aws:iam::123456789012:role/TerraformDeploy"
    session_name = "ecr-pull-through-cache"
  }
}

# ECR creates repositories with it, from repository creation templates
resource "aws_iam_role" "registry_template-role_81B8186D" {
  description = "ECR creates repositories with it, from repository creation templates"
  name        = "EcrRepositoryCreation-us-east-1"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "AssumeRole"
        Effect = "Allow"
        Principal = {
          Service = "ecr.amazonaws.com"
        }
        Action = "sts:AssumeRole"
      },
    ]
  })

  tags = {
    environment = "prod"
    team        = "platform"
  }
}

resource "aws_iam_role_policy" "registry_template-role_Policy_E4F7B722" {
  name = "create-repositories"
  role = aws_iam_role.registry_template-role_81B8186D.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "CreateRepositories"
        Effect   = "Allow"
        Action   = ["ecr:CreateRepository", "ecr:TagResource"]
        Resource = "arn:aws:ecr:us-east-1:123456789012:repository/prod/*"
      },
      {
        Sid      = "UseKeys"
        Effect   = "Allow"
        Action   = ["kms:CreateGrant", "kms:DescribeKey", "kms:RetireGrant"]
        Resource = aws_kms_key.registry_key_52CBB013.arn
      },
    ]
  })
}

# Images that ECR caches from upstream registries
resource "aws_kms_key" "registry_key_52CBB013" {
  deletion_window_in_days = 30
  description             = "Images that ECR caches from upstream registries"
  enable_key_rotation     = true

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "EnableIAMUserPermissions"
        Effect = "Allow"
        Principal = {
          AWS = "arn:aws:iam::123456789012:root"
        }
        Action   = "kms:*"
        Resource = "*"
      },
      {
        Sid    = "AllowCreationTemplateRole"
        Effect = "Allow"
        Principal = {
          AWS = aws_iam_role.registry_template-role_81B8186D.arn
        }
        Action   = ["kms:CreateGrant", "kms:DescribeKey", "kms:RetireGrant"]
        Resource = "*"
      },
    ]
  })

  tags = {
    environment = "prod"
    team        = "platform"
  }
}

resource "aws_kms_alias" "registry_key_Alias_82B79E85" {
  name          = "alias/ecr-pull-through-cache"
  target_key_id = aws_kms_key.registry_key_52CBB013.key_id
}

# The settings of repositories that ECR creates under prod
resource "aws_ecr_repository_creation_template" "registry_templates_prod_329C3C0A" {
  applied_for          = ["PULL_THROUGH_CACHE"]
  custom_role_arn      = aws_iam_role.registry_template-role_81B8186D.arn
  image_tag_mutability = "IMMUTABLE"
  prefix               = "prod"

  lifecycle_policy = jsonencode({
    rules = [
      {
        rulePriority = 1
        description  = "Expire untagged images 30 days after their push"
        selection = {
          tagStatus   = "untagged"
          countType   = "sinceImagePushed"
          countUnit   = "days"
          countNumber = 30
        }
        action = {
          type = "expire"
        }
      },
    ]
  })

  repository_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "AllowPull"
        Effect = "Allow"
        Principal = {
          AWS = "arn:aws:iam::123456789012:role/ECRDeveloperRole"
        }
        Action = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
      },
      {
        Sid       = "DenyPullToOthers"
        Effect    = "Deny"
        Principal = "*"
        Action = [
          "ecr:BatchCheckLayerAvailability",
          "ecr:BatchGetImage",
          "ecr:BatchImportUpstreamImage",
          "ecr:GetDownloadUrlForLayer",
        ]
        Condition = {
          ArnNotLike = {
            "aws:PrincipalArn" = [
              "arn:aws:iam::123456789012:role/ECRDeveloperRole",
              "arn:aws:iam::123456789012:role/aws-service-role/*",
            ]
          }
          BoolIfExists = {
            "aws:PrincipalIsAWSService" = "false"
          }
        }
      },
      {
        Sid       = "DenyPushToOthers"
        Effect    = "Deny"
        Principal = "*"
        Action    = ["ecr:CompleteLayerUpload", "ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart"]
        Condition = {
          ArnNotLike = {
            "aws:PrincipalArn" = "arn:aws:iam::123456789012:role/aws-service-role/*"
          }
          BoolIfExists = {
            "aws:PrincipalIsAWSService" = "false"
          }
        }
      },
    ]
  })

  resource_tags = {
    environment = "prod"
    team        = "platform"
  }

  encryption_configuration {
    encryption_type = "KMS"
    kms_key         = aws_kms_key.registry_key_52CBB013.arn
  }

  depends_on = [aws_iam_role_policy.registry_template-role_Policy_E4F7B722]
}

# User name and access token with which ECR reads Docker Hub
resource "aws_secretsmanager_secret" "registry_secrets_docker-hub_0D767346" {
  description             = "User name and access token with which ECR reads Docker Hub"
  name                    = "ecr-pullthroughcache/docker-hub"
  recovery_window_in_days = 30

  tags = {
    environment = "prod"
    team        = "platform"
  }
}

resource "aws_secretsmanager_secret_version" "registry_secrets_docker-hub_Value_161EB4EE" {
  secret_id                = aws_secretsmanager_secret.registry_secrets_docker-hub_0D767346.id
  secret_string_wo         = jsonencode({ username = var.docker_hub_username, accessToken = var.docker_hub_access_token })
  secret_string_wo_version = 1
}

# Caches registry-1.docker.io under prod
resource "aws_ecr_pull_through_cache_rule" "registry_caches_prod_26326713" {
  credential_arn        = aws_secretsmanager_secret.registry_secrets_docker-hub_0D767346.arn
  ecr_repository_prefix = "prod"
  upstream_registry_url = "registry-1.docker.io"

  depends_on = [
    aws_ecr_repository_creation_template.registry_templates_prod_329C3C0A,
    aws_secretsmanager_secret_version.registry_secrets_docker-hub_Value_161EB4EE,
  ]
}

# Permissions for all repositories of the registry
resource "aws_ecr_registry_policy" "registry_policy_9B138C89" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "AllowPullThrough"
        Effect = "Allow"
        Principal = {
          AWS = "arn:aws:iam::123456789012:role/ECRDeveloperRole"
        }
        Action   = ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"]
        Resource = "arn:aws:ecr:us-east-1:123456789012:repository/prod/*"
      },
    ]
  })
}

# Which images ECR scans, and when
resource "aws_ecr_registry_scanning_configuration" "registry_scanning_7800BA67" {
  scan_type = "BASIC"

  rule {
    scan_frequency = "SCAN_ON_PUSH"

    repository_filter {
      filter      = "prod/*"
      filter_type = "WILDCARD"
    }
  }
}
