{{- define "foundation.labels.standard" -}}
{{- $default := dict "app.kubernetes.io/name" (include "foundation.name" .context) "helm.sh/chart" (include "foundation.chart" .context) "app.kubernetes.io/instance" .context.Release.Name "app.kubernetes.io/managed-by" .context.Release.Service -}}
{{- with .context.Chart.AppVersion -}}
{{- $_ := set $default "app.kubernetes.io/version" (. | replace "+" "_") -}}
{{- end -}}
{{- if .component -}}
{{- $_ := set $default "app.kubernetes.io/component" .component -}}
{{- end -}}
{{- $custom := include "foundation.tplvalues.render" (dict "value" (.customLabels | default dict) "context" .context) | fromYaml -}}
{{- merge $custom $default | toYaml -}}
{{- end -}}

{{- define "foundation.labels.matchLabels" -}}
{{- $all := dict "app.kubernetes.io/name" (include "foundation.name" .context) "app.kubernetes.io/instance" .context.Release.Name -}}
{{- if .component -}}
{{- $_ := set $all "app.kubernetes.io/component" .component -}}
{{- end -}}
{{- if .customLabels -}}
{{- merge (pick (include "foundation.tplvalues.render" (dict "value" .customLabels "context" .context) | fromYaml) "app.kubernetes.io/name" "app.kubernetes.io/instance") $all | toYaml -}}
{{- else -}}
{{- $all | toYaml -}}
{{- end -}}
{{- end -}}
