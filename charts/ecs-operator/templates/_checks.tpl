{{- /* What a schema cannot say, with the way out. */ -}}
{{- define "ecs-operator.checks" -}}
{{- if not .Values.clusterId }}
{{- fail "\n\nclusterId is missing. It is the first part of the tags that say whose an AWS resource is, so the operator does not start without one.\nChoose a word once for this Kubernetes cluster and keep it when the cluster is rebuilt: --set clusterId=my-cluster\n" }}
{{- end }}
{{- if and (not .Values.leaderElection.enabled) (gt (int .Values.replicas) 1) }}
{{- fail "\n\nWithout leader election only one replica may run, or two would write: set replicas to 1, or leaderElection.enabled to true.\n" }}
{{- end }}
{{- if and (eq .Values.rbac.scope "namespaced") (eq (toString .Values.aws.useOperatorIdentity) "false") }}
{{- fail "\n\nA namespaced installation has no EcsAccounts, so nobody but the operator itself can act: leave aws.useOperatorIdentity out, or set rbac.scope to cluster.\n" }}
{{- end }}
{{- end }}
