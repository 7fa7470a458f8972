{{- define "base.name" -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "base.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- range $key, $value := .Values.global.labels }}
{{ $key }}: {{ tpl $value $ | quote }}
{{- end }}
{{- end -}}

{{- define "base.image" -}}
{{- $registry := .root.Values.global.registry -}}
{{- printf "%s/%s:%s" $registry .repository (.tag | toString) -}}
{{- end -}}

{{- define "base.env" -}}
{{- range $name, $value := . }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end -}}

{{- define "base.container" -}}
{{- $defaults := dict "imagePullPolicy" "IfNotPresent" "resources" (dict "requests" (dict "cpu" "100m" "memory" "128Mi")) -}}
{{- $own := dict "name" .root.Chart.Name "image" (include "base.image" .) -}}
{{- $env := list -}}
{{- range $name, $value := .root.Values.env -}}
{{- $env = append $env (dict "name" $name "value" (tpl (toString $value) $.root)) -}}
{{- end -}}
{{- if $env -}}
{{- $_ := set $own "env" $env -}}
{{- end -}}
{{- toYaml (mergeOverwrite $defaults $own (.more | default dict)) -}}
{{- end -}}
