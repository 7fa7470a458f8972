{{- define "foundation.image" -}}
{{- $registry := .image.registry -}}
{{- $repository := .image.repository -}}
{{- $separator := ":" -}}
{{- $termination := .image.tag | toString -}}
{{- if not .image.tag -}}
{{- $termination = .chart.AppVersion | toString -}}
{{- end -}}
{{- with .global -}}
{{- if .imageRegistry -}}
{{- $registry = .imageRegistry -}}
{{- end -}}
{{- end -}}
{{- if .image.digest -}}
{{- $separator = "@" -}}
{{- $termination = .image.digest | toString -}}
{{- end -}}
{{- if $registry -}}
{{- printf "%s/%s%s%s" $registry $repository $separator $termination -}}
{{- else -}}
{{- printf "%s%s%s" $repository $separator $termination -}}
{{- end -}}
{{- end -}}

{{- define "foundation.imagePullSecrets" -}}
{{- $secrets := list -}}
{{- range ((.context.Values.global | default dict).imagePullSecrets | default list) -}}
{{- if kindIs "map" . -}}
{{- $secrets = append $secrets (include "foundation.tplvalues.render" (dict "value" .name "context" $.context)) -}}
{{- else -}}
{{- $secrets = append $secrets (include "foundation.tplvalues.render" (dict "value" . "context" $.context)) -}}
{{- end -}}
{{- end -}}
{{- range .images -}}
{{- range (.pullSecrets | default list) -}}
{{- $secrets = append $secrets (include "foundation.tplvalues.render" (dict "value" . "context" $.context)) -}}
{{- end -}}
{{- end -}}
{{- if $secrets }}
imagePullSecrets:
{{- range $secrets | uniq }}
  - name: {{ . }}
{{- end }}
{{- end }}
{{- end -}}
