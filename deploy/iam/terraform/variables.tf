variable "name" {
  description = "Name of the policy and the role."
  type        = string
  default     = "ecs-operator"
}

variable "variant" {
  description = "Which policy: all-clusters, one-cluster, observe-only or assume-roles."
  type        = string
  default     = "all-clusters"

  validation {
    condition     = contains(["all-clusters", "one-cluster", "observe-only", "assume-roles"], var.variant)
    error_message = "Write all-clusters, one-cluster, observe-only or assume-roles."
  }
}

variable "cluster_id" {
  description = "The clusterId of the operator."
  type        = string
}

variable "roles" {
  description = "ARN pattern of the roles that may be passed to ECS, for the variants all-clusters and one-cluster."
  type        = string
  default     = ""

  validation {
    condition     = !contains(["all-clusters", "one-cluster"], var.variant) || var.roles != ""
    error_message = "The variants all-clusters and one-cluster need roles."
  }
}

variable "account_roles" {
  description = "ARN pattern of the roles that the EcsAccounts name, for the variant assume-roles."
  type        = string
  default     = ""

  validation {
    condition     = var.variant != "assume-roles" || var.account_roles != ""
    error_message = "The variant assume-roles needs account_roles."
  }
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
