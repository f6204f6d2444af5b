{{- /* What a schema cannot say, with the way out. */ -}}
{{- define "ecs-operator.checks" -}}
{{- if not .Values.clusterId }}
{{- fail "\n\nclusterId is missing. It is the first part of the tags that say whose an AWS resource is, so the operator does not start without one.\nChoose a word once for this Kubernetes cluster and keep it when the cluster is rebuilt: --set clusterId=my-cluster\n" }}
{{- end }}
{{- if and (not .Values.leaderElection.enabled) (gt (int .Values.replicas) 1) }}
{{- fail "\n\nWithout leader election only one replica may run, or two would write: set replicas to 1, or leaderElection.enabled to true.\n" }}
{{- end }}
{{- $grace := dict "ms" 0.0 }}
{{- $factors := dict "ms" 1 "s" 1000 "m" 60000 "h" 3600000 }}
{{- range regexFindAll "[0-9]+(ms|s|m|h)" .Values.shutdownGrace -1 }}
{{- $unit := regexFind "[a-z]+" . }}
{{- $_ := set $grace "ms" (addf $grace.ms (mulf (regexFind "[0-9]+" . | float64) (get $factors $unit))) }}
{{- end }}
{{- if ge $grace.ms (mulf .Values.terminationGracePeriodSeconds 1000) }}
{{- fail "\n\nA pod is killed before the operator has ended its work: set terminationGracePeriodSeconds to more than shutdownGrace.\n" }}
{{- end }}
{{- if and .Values.metrics.serviceMonitor.enabled (not .Values.metrics.service.enabled) }}
{{- fail "\n\nA ServiceMonitor finds pods by a Service, and there is none: set metrics.service.enabled to true, or metrics.serviceMonitor.enabled to false.\n" }}
{{- end }}
{{- if and (eq .Values.rbac.scope "namespaced") (eq (toString .Values.aws.useOperatorIdentity) "false") }}
{{- fail "\n\nA namespaced installation has no EcsAccounts, so nobody but the operator itself can act: leave aws.useOperatorIdentity out, or set rbac.scope to cluster.\n" }}
{{- end }}
{{- end }}
