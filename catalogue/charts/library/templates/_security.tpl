{{/*
The restricted level: https://kubernetes.io/docs/concepts/security/pod-security-standards/
*/}}
{{- define "library.podSecurity" -}}
runAsNonRoot: true
{{- with .Values.user }}
runAsUser: {{ int . }}
runAsGroup: {{ int ($.Values.group | default .) }}
fsGroup: {{ int ($.Values.group | default .) }}
fsGroupChangePolicy: OnRootMismatch
{{- end }}
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "library.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: {{ ne .Values.readOnly false }}
capabilities:
  drop: [ALL]
{{- end }}

{{/* Who may reach the pods: `networkPolicy.from`, else everybody, on the ports they have. */}}
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
        - port: {{ $name }}
        {{- end }}
      {{- with (.Values.networkPolicy).from }}
      from:
        {{- toYaml . | nindent 8 }}
      {{- end }}
{{- end }}
