locals {
  template = file("${path.module}/../${var.variant}.json")

  # The longest word is no part of another, so the order does not matter.
  policy = replace(
    replace(
      replace(
        replace(local.template, "arn:aws:iam::MY_ACCOUNT_ID:role/MY_ROLES", var.roles),
        "arn:aws:iam::*:role/MY_ACCOUNT_ROLES", var.account_roles,
      ),
      "MY_ECS_CLUSTER", var.ecs_cluster,
    ),
    "MY_CLUSTER_ID", var.cluster_id,
  )
}

resource "aws_iam_policy" "this" {
  name   = var.name
  policy = local.policy
}

resource "aws_iam_role" "this" {
  name               = var.name
  assume_role_policy = local.trust
}

resource "aws_iam_role_policy_attachment" "this" {
  role       = aws_iam_role.this.name
  policy_arn = aws_iam_policy.this.arn
}
