{{/* Who the pods are; they have no business with the cluster, and no token. */}}
{{- define "library.serviceAccount" -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  {{- include "library.metadata" . | nindent 2 }}
automountServiceAccountToken: false
{{- end }}

{{/* The Service: port 80 leads to the first port, unless `servicePort` says otherwise. */}}
{{- define "library.service" -}}
{{- $first := .Values.portName | default "http" -}}
apiVersion: v1
kind: Service
metadata:
  {{- include "library.metadata" . | nindent 2 }}
spec:
  selector:
    {{- include "library.selector" . | nindent 4 }}
  ports:
    {{- range $name, $port := include "library.ports" . | fromYaml }}
    - name: {{ $name }}
      port: {{ int (ternary ($.Values.servicePort | default 80) $port (eq $name $first)) }}
      targetPort: {{ $name }}
    {{- end }}
{{- end }}

{{/* The names of a StatefulSet's pods. */}}
{{- define "library.headless" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}-pods
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "library.labels" . | nindent 4 }}
spec:
  clusterIP: None
  publishNotReadyAddresses: true
  selector:
    {{- include "library.selector" . | nindent 4 }}
  ports:
    {{- range $name, $port := include "library.ports" . | fromYaml }}
    - name: {{ $name }}
      port: {{ int $port }}
      targetPort: {{ $name }}
    {{- end }}
{{- end }}

{{/* Files for the container; nothing secret is among them. */}}
{{- define "library.files" -}}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-files
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "library.labels" . | nindent 4 }}
data:
  {{- range $path, $text := .Values.files }}
  {{ include "library.fileKey" $path }}: {{ $text | quote }}
  {{- end }}
{{- end }}

{{/* At most one copy is taken away at a time. */}}
{{- define "library.disruption" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  {{- include "library.metadata" . | nindent 2 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      {{- include "library.selector" . | nindent 6 }}
{{- end }}

{{/* For the Prometheus operator: https://prometheus-operator.dev/docs/api-reference/api/ */}}
{{- define "library.serviceMonitor" -}}
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  {{- include "library.metadata" . | nindent 2 }}
spec:
  selector:
    matchLabels:
      {{- include "library.selector" . | nindent 6 }}
  endpoints:
    - port: {{ .Values.metrics.port | default "http" }}
      path: {{ .Values.metrics.path | default "/metrics" }}
      {{- with .Values.metrics.secret }}
      authorization:
        credentials:
          name: {{ .name }}
          key: {{ .key }}
      {{- end }}
{{- end }}

{{/* What every chart has, whatever runs its pods. */}}
{{- define "library.around" -}}
{{ include "library.serviceAccount" . }}
---
{{ include "library.service" . }}
---
{{ include "library.networkPolicy" . }}
{{- if .Values.files }}
---
{{ include "library.files" . }}
{{- end }}
{{- if gt (int .Values.replicas) 1 }}
---
{{ include "library.disruption" . }}
{{- end }}
{{- if (.Values.metrics).enabled }}
---
{{ include "library.serviceMonitor" . }}
{{- end }}
{{- end }}
