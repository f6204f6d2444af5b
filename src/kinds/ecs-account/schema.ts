import type { z } from 'zod';
import { REGION } from '../../api/common-spec.ts';
import { COMMON_STATUS } from '../../api/common-status.ts';
import { COST_BOUNDS } from '../../api/cost-bounds.ts';
import { group, integer, keyedList, list, oneOf, text, textMap } from '../../api/field.ts';
import { Tag } from '../../api/tags.ts';

/** AWS takes a role of 64 characters below a path of 512 (IAM user guide, "IAM and AWS STS quotas"). */
const ROLE_ARN = { max: 620, pattern: /^arn:aws[a-z-]*:iam::[0-9]{12}:role\/.+$/ };
const ROLE_PATTERN = { max: 620, pattern: /^arn:aws[a-z-]*:iam::([0-9]{12}|[*]):role\/.+$/ };

const LabelRequirement = group('One requirement on the labels.', {
  key: text('Key of the label.', { min: 1, max: 317 }),
  operator: oneOf('In and NotIn compare with values; Exists and DoesNotExist take none.', [
    'In',
    'NotIn',
    'Exists',
    'DoesNotExist',
  ]),
  values: list('Values of the label.', text('One value.', { max: 63 }), {
    max: COST_BOUNDS.selectorValues,
  }).optional(),
});

const NamespaceSelector = group('Which namespaces use the account, by their labels. Empty: all.', {
  matchLabels: textMap('Labels that the namespace has.').optional(),
  matchExpressions: list('Requirements, all of which hold.', LabelRequirement, {
    max: COST_BOUNDS.selectorExpressions,
  }).optional(),
});

/** An AWS account, as namespaces may use it. Administrators write it; no tenant's object ever names a role to assume. */
export const EcsAccountSpec = group('How namespaces use an AWS account.', {
  roleArn: text('ARN of the role that the operator assumes.', ROLE_ARN),
  externalId: text("External id that the role's trust policy asks for.", {
    min: 2,
    max: 1224,
    pattern: /^[A-Za-z0-9_+=,.@:/-]+$/,
  }).optional(),
  region: text('Region of objects that name none. Defaults to that of the operator.', REGION).optional(),
  endpoint: text(
    "Endpoint of ECS, such as a VPC endpoint's. Defaults to the operator's, where other services are called in any case.",
    { max: 2048, pattern: /^https?:\/\/.+$/ },
  ).optional(),
  namespaceSelector: NamespaceSelector,
  sessionTags: list(
    'What the session is tagged with, for IAM policies to look at. A session for each namespace or object.',
    oneOf('Tag ecs-operator.dev/namespace or ecs-operator.dev/object.', ['Namespace', 'Object']),
    { max: 2 },
  ).optional(),
  allowedRoles: list(
    'ARNs of roles that objects may name, with * and ? as in IAM. None may be named where absent.',
    text('One pattern.', ROLE_PATTERN),
    { max: COST_BOUNDS.allowed },
  ).optional(),
  allowedClusters: list(
    'Names of ECS clusters that objects may use, with * and ?. All where absent.',
    text('One pattern.', { min: 1, max: 255, pattern: /^[A-Za-z0-9_*?-]+$/ }),
    { max: COST_BOUNDS.allowed },
  ).optional(),
  allowedRegions: list('Regions that objects may use. All where absent.', text('One region.', REGION), {
    max: COST_BOUNDS.allowed,
  }).optional(),
  defaultTags: keyedList(
    'Tags for all that is made through the account. A key that an object states itself goes before.',
    'key',
    Tag,
    {
      max: 20,
    },
  ).optional(),
});

export type EcsAccountSpec = z.infer<typeof EcsAccountSpec>;

const Users = group('Objects of one kind in one namespace.', {
  namespace: text('Namespace of the objects.'),
  kind: text('Kind of the objects.'),
  count: integer('How many there are.'),
});

const { observedGeneration, conditions } = COMMON_STATUS;

export const EcsAccountStatus = group('The account as it was last tried.', {
  observedGeneration,
  conditions,
  accountId: text('AWS account that the role is in.').optional(),
  callerArn: text('As whom AWS knows the operator there.').optional(),
  usedBy: integer('How many objects use the account.').optional(),
  users: list('Who uses it, by namespace and kind; the first 50.', Users).optional(),
});

export type EcsAccountStatus = z.infer<typeof EcsAccountStatus>;
