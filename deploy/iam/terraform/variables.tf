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
  description = "The clusterId of the operator, for the variants all-clusters and one-cluster."
  type        = string
  default     = ""

  validation {
    condition     = !contains(["all-clusters", "one-cluster"], var.variant) || var.cluster_id != ""
    error_message = "The variants all-clusters and one-cluster need cluster_id."
  }
}

variable "trust" {
  description = "Who may assume the role: the operator's pods by EKS Pod Identity (pod-identity) or by IAM roles for service accounts (irsa), or the operator's own role, for the role of an EcsAccount (account)."
  type        = string
  default     = "pod-identity"

  validation {
    condition     = contains(["pod-identity", "irsa", "account"], var.trust)
    error_message = "Write pod-identity, irsa or account."
  }
}

variable "namespace" {
  description = "Namespace of the operator's service account, for pod-identity and irsa."
  type        = string
  default     = "ecs-operator"
}

variable "service_account" {
  description = "Name of the operator's service account, for pod-identity and irsa."
  type        = string
  default     = "ecs-operator"
}

variable "has_session_tags" {
  description = "False where the pod identity association has disableSessionTags: without its tags namespace and service account cannot be told, and every association of the account may lend the role."
  type        = bool
  default     = true
}

variable "oidc_provider_arn" {
  description = "ARN of the IAM OIDC provider of the EKS cluster, for irsa."
  type        = string
  default     = ""

  validation {
    condition     = var.trust != "irsa" || strcontains(var.oidc_provider_arn, ":oidc-provider/")
    error_message = "The trust irsa needs oidc_provider_arn."
  }
}

variable "operator_role_arn" {
  description = "ARN of the operator's own role, for account."
  type        = string
  default     = ""

  validation {
    condition     = var.trust != "account" || var.operator_role_arn != ""
    error_message = "The trust account needs operator_role_arn."
  }
}

variable "external_id" {
  description = "The externalId of the EcsAccount, for account."
  type        = string
  default     = ""
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
