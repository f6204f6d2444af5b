output "policy_arn" {
  description = "ARN of the policy."
  value       = aws_iam_policy.this.arn
}

output "role_arn" {
  description = "ARN of the role: for a Pod Identity association, the annotation of the service account (irsa), or the roleArn of an EcsAccount."
  value       = aws_iam_role.this.arn
}
