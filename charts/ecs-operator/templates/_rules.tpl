{{- /* Made from the registry of kinds by `make generate`: what the operator does, and nothing else. */ -}}
{{- define "ecs-operator.objectRules" -}}
- apiGroups:
    - ecs-operator.dev
  resources:
    - ecsclusters
  verbs:
    - get
    - list
    - watch
    - patch
- apiGroups:
    - ecs-operator.dev
  resources:
    - ecsclusters/status
  verbs:
    - patch
- apiGroups:
    - ecs-operator.dev
  resources:
    - ecstaskdefinitions
  verbs:
    - get
    - list
    - watch
    - patch
- apiGroups:
    - ecs-operator.dev
  resources:
    - ecstaskdefinitions/status
  verbs:
    - patch
- apiGroups:
    - ecs-operator.dev
  resources:
    - ecsservices
  verbs:
    - get
    - list
    - watch
    - patch
- apiGroups:
    - ecs-operator.dev
  resources:
    - ecsservices/status
  verbs:
    - patch
- apiGroups:
    - events.k8s.io
  resources:
    - events
  verbs:
    - create
    - list
    - patch
{{- end }}

{{- define "ecs-operator.clusterRules" -}}
- apiGroups:
    - ecs-operator.dev
  resources:
    - ecsclusters
  verbs:
    - get
    - list
    - watch
    - patch
- apiGroups:
    - ecs-operator.dev
  resources:
    - ecsclusters/status
  verbs:
    - patch
- apiGroups:
    - ecs-operator.dev
  resources:
    - ecstaskdefinitions
  verbs:
    - get
    - list
    - watch
    - patch
- apiGroups:
    - ecs-operator.dev
  resources:
    - ecstaskdefinitions/status
  verbs:
    - patch
- apiGroups:
    - ecs-operator.dev
  resources:
    - ecsservices
  verbs:
    - get
    - list
    - watch
    - patch
- apiGroups:
    - ecs-operator.dev
  resources:
    - ecsservices/status
  verbs:
    - patch
- apiGroups:
    - events.k8s.io
  resources:
    - events
  verbs:
    - create
    - list
    - patch
- apiGroups:
    - ecs-operator.dev
  resources:
    - ecsaccounts
  verbs:
    - get
    - list
    - watch
    - patch
- apiGroups:
    - ecs-operator.dev
  resources:
    - ecsaccounts/status
  verbs:
    - patch
- apiGroups:
    - ""
  resources:
    - namespaces
  verbs:
    - list
    - watch
{{- end }}

{{- define "ecs-operator.leaseRules" -}}
- apiGroups:
    - coordination.k8s.io
  resources:
    - leases
  verbs:
    - create
- apiGroups:
    - coordination.k8s.io
  resources:
    - leases
  resourceNames:
    - '{{ include "ecs-operator.leaseName" . }}'
  verbs:
    - get
    - update
{{- end }}

{{- define "ecs-operator.viewRules" -}}
- apiGroups:
    - ecs-operator.dev
  resources:
    - ecsclusters
  verbs:
    - get
    - list
    - watch
- apiGroups:
    - ecs-operator.dev
  resources:
    - ecstaskdefinitions
  verbs:
    - get
    - list
    - watch
- apiGroups:
    - ecs-operator.dev
  resources:
    - ecsservices
  verbs:
    - get
    - list
    - watch
{{- end }}

{{- define "ecs-operator.editRules" -}}
- apiGroups:
    - ecs-operator.dev
  resources:
    - ecsclusters
  verbs:
    - create
    - update
    - patch
    - delete
    - deletecollection
- apiGroups:
    - ecs-operator.dev
  resources:
    - ecstaskdefinitions
  verbs:
    - create
    - update
    - patch
    - delete
    - deletecollection
- apiGroups:
    - ecs-operator.dev
  resources:
    - ecsservices
  verbs:
    - create
    - update
    - patch
    - delete
    - deletecollection
- apiGroups:
    - ecs-operator.dev
  resources:
    - ecsservices/scale
  verbs:
    - get
    - update
    - patch
{{- end }}
