locals {
  # Without them every pod identity association of the account could lend the role to its pods.
  pod_tags = {
    for key, value in {
      "aws:RequestTag/kubernetes-namespace"       = var.namespace
      "aws:RequestTag/kubernetes-service-account" = var.service_account
    } : key => value if var.has_session_tags
  }

  # The issuer, as the provider's ARN ends.
  issuer = element(split(":oidc-provider/", var.oidc_provider_arn), 1)

  # Each as JSON, as they are of different types.
  trusts = {
    "pod-identity" = jsonencode(merge(
      {
        Effect    = "Allow"
        Action    = ["sts:AssumeRole", "sts:TagSession"]
        Principal = { Service = "pods.eks.amazonaws.com" }
      },
      length(local.pod_tags) == 0 ? {} : { Condition = { StringEquals = local.pod_tags } },
    ))

    "irsa" = jsonencode({
      Effect    = "Allow"
      Action    = ["sts:AssumeRoleWithWebIdentity"]
      Principal = { Federated = var.oidc_provider_arn }
      Condition = {
        StringEquals = {
          "${local.issuer}:aud" = "sts.amazonaws.com"
          "${local.issuer}:sub" = "system:serviceaccount:${var.namespace}:${var.service_account}"
        }
      }
    })

    "account" = jsonencode(merge(
      {
        Effect    = "Allow"
        Action    = ["sts:AssumeRole", "sts:TagSession"]
        Principal = { AWS = var.operator_role_arn }
      },
      var.external_id == "" ? {} : { Condition = { StringEquals = { "sts:ExternalId" = var.external_id } } },
    ))
  }

  trust = jsonencode({
    Version   = "2012-10-17"
    Statement = [jsondecode(local.trusts[var.trust])]
  })
}
