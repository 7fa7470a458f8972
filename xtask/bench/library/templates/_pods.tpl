{{- define "foundation.affinity" -}}
{{- if .context.Values.affinity -}}
{{- include "foundation.tplvalues.render" (dict "value" .context.Values.affinity "context" .context) -}}
{{- else -}}
podAntiAffinity:
  preferredDuringSchedulingIgnoredDuringExecution:
    - podAffinityTerm:
        labelSelector:
          matchLabels:
            {{- include "foundation.labels.matchLabels" (dict "context" .context "component" .component) | nindent 12 }}
        topologyKey: {{ default "kubernetes.io/hostname" .topologyKey }}
      weight: {{ default 1 .weight }}
{{- end -}}
{{- end -}}

{{- define "foundation.resources.preset" -}}
{{- $presets := dict
  "nano" (dict "requests" (dict "cpu" "100m" "memory" "128Mi") "limits" (dict "cpu" "150m" "memory" "192Mi"))
  "micro" (dict "requests" (dict "cpu" "250m" "memory" "256Mi") "limits" (dict "cpu" "375m" "memory" "384Mi"))
  "small" (dict "requests" (dict "cpu" "500m" "memory" "512Mi") "limits" (dict "cpu" "750m" "memory" "768Mi"))
  "medium" (dict "requests" (dict "cpu" "500m" "memory" "1024Mi") "limits" (dict "cpu" "750m" "memory" "1536Mi"))
-}}
{{- if hasKey $presets .type -}}
{{- index $presets .type | toYaml -}}
{{- else -}}
{{- printf "ERROR: preset %q is not one of %s" .type (join "," (keys $presets | sortAlpha)) | fail -}}
{{- end -}}
{{- end -}}

{{- define "foundation.resources" -}}
{{- if .Values.resources -}}
{{- toYaml .Values.resources -}}
{{- else -}}
{{- include "foundation.resources.preset" (dict "type" (.Values.resourcesPreset | default "nano")) -}}
{{- end -}}
{{- end -}}

{{/* Environment: the platform's, the kind's and the service's own, by name; the last one wins. */}}
{{- define "foundation.env" -}}
{{- $env := dict -}}
{{- range $layer := list (.context.Values.global.env | default dict) (.context.Values.defaults.env | default dict) (.context.Values.env | default dict) -}}
{{- range $name, $value := $layer -}}
{{- $_ := set $env $name $value -}}
{{- end -}}
{{- end -}}
{{- range $name, $value := $env }}
- name: {{ $name | upper | replace "." "_" }}
  {{- if kindIs "map" $value }}
  valueFrom:
    {{- include "foundation.tplvalues.render" (dict "value" $value "context" $.context) | nindent 4 }}
  {{- else }}
  value: {{ include "foundation.tplvalues.render" (dict "value" ($value | toString) "context" $.context) | quote }}
  {{- end }}
{{- end }}
{{- end -}}

{{- define "foundation.probe" -}}
{{- if .probe.enabled -}}
{{- $handler := omit .probe "enabled" "path" "port" -}}
{{- if .probe.path -}}
{{- $_ := set $handler "httpGet" (dict "path" .probe.path "port" (.probe.port | default "http")) -}}
{{- else -}}
{{- $_ := set $handler "tcpSocket" (dict "port" (.probe.port | default "http")) -}}
{{- end -}}
{{ .name }}:
{{ toYaml $handler | indent 2 }}
{{- end -}}
{{- end -}}

{{- define "foundation.podSecurity" -}}
{{- $own := .Values.securityContext | default dict -}}
{{- $all := dict "runAsNonRoot" true "allowPrivilegeEscalation" false "readOnlyRootFilesystem" true "capabilities" (dict "drop" (list "ALL")) "seccompProfile" (dict "type" "RuntimeDefault") -}}
{{- mergeOverwrite (deepCopy $all) $own | toYaml -}}
{{- end -}}

{{/* The pod of any workload. */}}
{{- define "foundation.pod" -}}
{{- $context := .context -}}
{{- $image := .context.Values.image -}}
metadata:
  annotations:
    {{- range .checksums }}
    checksum/{{ . }}: {{ include (print $context.Template.BasePath "/" . ".yaml") $context | sha256sum }}
    {{- end }}
    {{- with $context.Values.podAnnotations }}
    {{- include "foundation.tplvalues.render" (dict "value" . "context" $context) | nindent 4 }}
    {{- end }}
  labels:
    {{- include "foundation.labels.standard" (dict "customLabels" $context.Values.podLabels "context" $context "component" .component) | nindent 4 }}
spec:
  {{- include "foundation.imagePullSecrets" (dict "images" (list $image) "context" $context) | nindent 2 }}
  serviceAccountName: {{ include "foundation.serviceAccountName" $context }}
  automountServiceAccountToken: {{ dig "automount" false ($context.Values.serviceAccount | default dict) }}
  affinity:
    {{- include "foundation.affinity" (dict "context" $context "component" .component) | nindent 4 }}
  {{- with $context.Values.tolerations }}
  tolerations:
    {{- include "foundation.tplvalues.render" (dict "value" . "context" $context) | nindent 4 }}
  {{- end }}
  {{- with $context.Values.nodeSelector }}
  nodeSelector:
    {{- include "foundation.tplvalues.render" (dict "value" . "context" $context) | nindent 4 }}
  {{- end }}
  {{- if semverCompare ">=1.25-0" $context.Capabilities.KubeVersion.Version }}
  enableServiceLinks: false
  {{- end }}
  containers:
    - name: {{ .component }}
      image: {{ include "foundation.image" (dict "image" $image "global" $context.Values.global "chart" $context.Chart) }}
      imagePullPolicy: {{ $image.pullPolicy | default (eq ($image.tag | default "latest" | toString) "latest" | ternary "Always" "IfNotPresent") }}
      securityContext:
        {{- include "foundation.podSecurity" $context | nindent 8 }}
      env:
        {{- include "foundation.env" (dict "context" $context) | trim | nindent 8 }}
      envFrom:
        - configMapRef:
            name: {{ include "foundation.fullname" $context }}
      ports:
        {{- range $name, $port := $context.Values.ports }}
        - name: {{ $name }}
          containerPort: {{ $port | int }}
          protocol: {{ hasSuffix "udp" $name | ternary "UDP" "TCP" }}
        {{- end }}
      {{- range $name, $probe := $context.Values.probes }}
      {{- include "foundation.probe" (dict "name" (printf "%sProbe" $name) "probe" $probe) | nindent 6 }}
      {{- end }}
      resources:
        {{- include "foundation.resources" $context | nindent 8 }}
      volumeMounts:
        - name: configuration
          mountPath: {{ $context.Values.configurationPath | default (printf "/etc/%s" $context.Chart.Name) }}
          readOnly: true
        {{- range $context.Values.extraVolumes }}
        - name: {{ .name }}
          mountPath: {{ .path | quote }}
        {{- end }}
  volumes:
    - name: configuration
      configMap:
        name: {{ include "foundation.fullname" $context }}
    {{- range $context.Values.extraVolumes }}
    - name: {{ .name }}
      {{- if .claim }}
      persistentVolumeClaim:
        claimName: {{ tpl .claim $context }}
      {{- else }}
      emptyDir: {}
      {{- end }}
    {{- end }}
{{- end -}}
