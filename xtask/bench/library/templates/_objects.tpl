{{/* The head of any object. */}}
{{- define "foundation.metadata" -}}
name: {{ printf "%s%s" (include "foundation.fullname" .context) (.suffix | default "") }}
namespace: {{ include "foundation.namespace" .context | quote }}
labels:
  {{- include "foundation.labels.standard" (dict "customLabels" (.context.Values.commonLabels | default dict) "context" .context "component" .component) | nindent 2 }}
{{- $annotations := include "foundation.tplvalues.merge" (dict "values" (list (.annotations | default dict) (.context.Values.commonAnnotations | default dict)) "context" .context) | fromYaml }}
{{- if $annotations }}
annotations:
  {{- toYaml $annotations | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "foundation.service" -}}
apiVersion: v1
kind: Service
metadata:
  {{- include "foundation.metadata" (dict "context" .context "component" .component "suffix" .suffix) | nindent 2 }}
spec:
  type: {{ .headless | ternary "ClusterIP" (.context.Values.service.type | default "ClusterIP") }}
  {{- if .headless }}
  clusterIP: None
  publishNotReadyAddresses: true
  {{- end }}
  ports:
    {{- range $name, $port := .context.Values.ports }}
    - name: {{ $name }}
      port: {{ dig "ports" $name $port $.context.Values.service }}
      targetPort: {{ $name }}
    {{- end }}
  selector:
    {{- include "foundation.labels.matchLabels" (dict "context" .context "component" .component "customLabels" .context.Values.podLabels) | nindent 4 }}
{{- end -}}

{{- define "foundation.configmap" -}}
apiVersion: v1
kind: ConfigMap
metadata:
  {{- include "foundation.metadata" (dict "context" .context "component" .component) | nindent 2 }}
data:
  {{- range $key, $value := .context.Values.settings }}
  {{ $key | snakecase | upper }}: {{ include "foundation.tplvalues.render" (dict "value" ($value | toString) "context" $.context) | quote }}
  {{- end }}
  {{- range $name, $text := .context.Values.files }}
  {{ $name }}: |-
    {{- include "foundation.tplvalues.render" (dict "value" $text "context" $.context) | nindent 4 }}
  {{- end }}
  summary.json: {{ dict "name" (include "foundation.fullname" .context) "version" .context.Chart.Version "settings" .context.Values.settings | toJson | quote }}
{{- end -}}

{{- define "foundation.secret" -}}
apiVersion: v1
kind: Secret
metadata:
  {{- include "foundation.metadata" (dict "context" .context "component" .component) | nindent 2 }}
type: Opaque
data:
  {{- $existing := (lookup "v1" "Secret" .context.Release.Namespace (include "foundation.fullname" .context)) | default dict }}
  {{- range $key, $value := .context.Values.secrets }}
  {{- $known := dig "data" $key "" $existing }}
  {{ $key }}: {{ $known | default (tpl $value $.context | b64enc) | quote }}
  {{- end }}
{{- end -}}
