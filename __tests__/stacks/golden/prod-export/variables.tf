variable "docker_hub_username" {
  description = "User name for Docker Hub"
  type        = string
  sensitive   = true
  nullable    = false
  ephemeral   = true
}

variable "docker_hub_access_token" {
  description = "Access token for Docker Hub"
  type        = string
  sensitive   = true
  nullable    = false
  ephemeral   = true
}
