terraform {
  cloud {
    organization = "example"

    workspaces {
      name = "ecr-pull-through-cache-prod"
    }
  }
}
