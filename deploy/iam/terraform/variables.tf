variable "name" {
  description = "Name of the policy and the role."
  type        = string
  default     = "ecs-operator"
}

variable "variant" {
  description = "Which policy: all-clusters, one-cluster or observe-only."
  type        = string
  default     = "all-clusters"

  validation {
    condition     = contains(["all-clusters", "one-cluster", "observe-only"], var.variant)
    error_message = "Write all-clusters, one-cluster or observe-only."
  }
}

variable "cluster_id" {
  description = "The clusterId of the operator."
  type        = string
}

variable "roles" {
  description = "ARN pattern of the roles that may be passed to ECS."
  type        = string
}

variable "ecs_cluster" {
  description = "Name of the one ECS cluster, for the variant one-cluster."
  type        = string
  default     = ""

  validation {
    condition     = var.variant != "one-cluster" || var.ecs_cluster != ""
    error_message = "The variant one-cluster needs ecs_cluster."
  }
}
