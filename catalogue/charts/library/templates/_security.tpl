{{/*
The restricted level: https://kubernetes.io/docs/concepts/security/pod-security-standards/
*/}}
{{- define "library.podSecurity" -}}
runAsNonRoot: true
{{- with .Values.user }}
{{- /* The group may be 0, which is not the superuser. */}}
{{- $group := ternary . $.Values.group (kindIs "invalid" $.Values.group) }}
runAsUser: {{ int . }}
runAsGroup: {{ int $group }}
fsGroup: {{ int $group }}
fsGroupChangePolicy: OnRootMismatch
{{- end }}
seccompProfile:
  type: RuntimeDefault
{{- if .Values.lowPort }}
# A port below 1024 without privileges; the restricted level allows this setting.
sysctls:
  - name: net.ipv4.ip_unprivileged_port_start
    value: "0"
{{- end }}
{{- end }}

{{- define "library.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: {{ ne .Values.readOnly false }}
capabilities:
  drop: [ALL]
{{- end }}

{{/* Who may reach the pods: `networkPolicy.from`, else everybody; only one another on
`internalPorts`. */}}
{{- define "library.networkPolicy" -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  {{- include "library.metadata" . | nindent 2 }}
spec:
  podSelector:
    matchLabels:
      {{- include "library.selector" . | nindent 6 }}
  policyTypes: [Ingress]
  ingress:
    - ports:
        {{- range $name := keys (include "library.ports" . | fromYaml) | sortAlpha }}
        {{- if not (has $name ($.Values.internalPorts | default list)) }}
        - port: {{ $name }}
        {{- end }}
        {{- end }}
      {{- with (.Values.networkPolicy).from }}
      from:
        {{- toYaml . | nindent 8 }}
      {{- end }}
    {{- with .Values.internalPorts }}
    - ports:
        {{- range . }}
        - port: {{ . }}
        {{- end }}
      from:
        - podSelector:
            matchLabels:
              {{- include "library.selector" $ | nindent 14 }}
    {{- end }}
{{- end }}
