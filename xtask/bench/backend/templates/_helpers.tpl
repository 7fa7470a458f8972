{{- define "@NAME@.component" -}}
{{- .Values.component | default "@NAME@" -}}
{{- end -}}

{{/* The address under which others reach this service. */}}
{{- define "@NAME@.url" -}}
{{- $port := first (values (pick .Values.ports "http" "sql" | default (dict "http" 80))) | int -}}
{{- printf "%s://%s.%s.svc.%s:%d" (.Values.global.tls | ternary "https" "http") (include "foundation.fullname" .) .Release.Namespace (.Values.global.clusterDomain | default "cluster.local") $port -}}
{{- end -}}

{{- define "@NAME@.validate" -}}
{{- $messages := list -}}
{{- if and .Values.persistence (not .Values.persistence.size) -}}
{{- $messages = append $messages "@NAME@: persistence.size" -}}
{{- end -}}
{{- if lt (.Values.replicas | int) 0 -}}
{{- $messages = append $messages "@NAME@: replicas" -}}
{{- end -}}
{{- if without $messages "" -}}
{{- printf "values to mend:\n%s" (join "\n" $messages) | fail -}}
{{- end -}}
{{- end -}}
