{{/* All ports by name: `port`, named http unless `portName` says otherwise, and `ports`. */}}
{{- define "library.ports" -}}
{{- $first := dict (.Values.portName | default "http") .Values.port -}}
{{- toYaml (merge $first (.Values.ports | default dict)) -}}
{{- end }}

{{/* Environment variables: where secret ones are, one that is nowhere is left out; then values, in
which $(NAME) stands for a variable before them. */}}
{{- define "library.env" -}}
{{- range $name, $from := .Values.secretEnv }}
{{- if $from.secret }}
- name: {{ $name }}
  valueFrom:
    secretKeyRef:
      name: {{ $from.secret }}
      key: {{ $from.key | quote }}
{{- end }}
{{- end }}
{{- range .Values.variables }}
- name: {{ .name }}
  {{- if hasKey . "value" }}
  value: {{ .value | quote }}
  {{- else }}
  valueFrom:
    secretKeyRef:
      name: {{ .secret }}
      key: {{ .key | quote }}
  {{- end }}
{{- end }}
{{- range $name, $value := .Values.env }}
- name: {{ $name }}
  value: {{ $value | toString | quote }}
{{- end }}
{{- end }}

{{/* Probes: `probes.path`, with another `probes.port`; or `probes.command`; or with `probes.tcp`
whether the port is listened on. */}}
{{- define "library.probe" -}}
{{- if .command -}}
exec:
  command:
    {{- toYaml .command | nindent 4 }}
{{- else if .tcp -}}
tcpSocket:
  port: {{ .port }}
{{- else -}}
httpGet:
  path: {{ .path }}
  port: {{ .port }}
  {{- with .headers }}
  httpHeaders:
    {{- range $name, $value := . }}
    - name: {{ $name }}
      value: {{ $value | quote }}
    {{- end }}
  {{- end }}
{{- end }}
timeoutSeconds: 5
{{- end }}

{{- define "library.probes" -}}
{{- $all := .Values.probes -}}
{{- $port := $all.port | default .Values.portName | default "http" -}}
{{- $of := dict "command" $all.command "tcp" $all.tcp "port" $port "headers" $all.headers -}}
{{- $startup := merge (dict "path" ($all.startup | default $all.path)) $of -}}
{{- $ready := merge (dict "path" ($all.ready | default $all.path)) $of -}}
{{- $live := merge (dict "path" ($all.live | default $all.path)) $of -}}
startupProbe:
  {{- include "library.probe" $startup | nindent 2 }}
  failureThreshold: {{ $all.startupFailures | default 60 }}
  periodSeconds: 5
readinessProbe:
  {{- include "library.probe" $ready | nindent 2 }}
  periodSeconds: 10
livenessProbe:
  {{- include "library.probe" $live | nindent 2 }}
  periodSeconds: 20
  failureThreshold: 6
{{- end }}

{{/* A file of the ConfigMap is called by its path, with dots for slashes. */}}
{{- define "library.fileKey" -}}
{{ . | trimPrefix "/" | replace "/" "." }}
{{- end }}

{{- define "library.mounts" -}}
{{- range $index, $path := .Values.writable }}
- name: library-writable
  mountPath: {{ $path }}
  subPath: {{ printf "part-%d" $index }}
{{- end }}
{{- range $path, $text := .Values.files }}
- name: library-files
  mountPath: {{ $path }}
  subPath: {{ include "library.fileKey" $path }}
  readOnly: true
{{- end }}
{{- range $name, $path := .Values.configMaps }}
- name: {{ $name }}
  mountPath: {{ $path }}
  readOnly: true
{{- end }}
{{- range $name, $mount := .Values.claims }}
- name: {{ $name }}
  mountPath: {{ $mount.path }}
  {{- with $mount.subPath }}
  subPath: {{ . }}
  {{- end }}
{{- end }}
{{- end }}

{{- define "library.volumes" -}}
{{- if .Values.writable }}
- name: library-writable
  emptyDir: {}
{{- end }}
{{- if .Values.files }}
- name: library-files
  configMap:
    name: {{ .Release.Name }}-files
    # Scripts among them may run.
    defaultMode: 0555
{{- end }}
{{- range $name, $path := .Values.configMaps }}
- name: {{ $name }}
  configMap:
    name: {{ $.Release.Name }}-{{ $name }}
{{- end }}
{{- range $name, $mount := .Values.claims }}
{{- /* One without a claim is a template of the StatefulSet. */}}
{{- if $mount.claim }}
- name: {{ $name }}
  persistentVolumeClaim:
    claimName: {{ $mount.claim }}
{{- end }}
{{- end }}
{{- end }}

{{/* Pods of one container, for Deployments and StatefulSets. */}}
{{- define "library.pod" -}}
metadata:
  labels:
    {{- include "library.labels" . | nindent 4 }}
  {{- with .Values.files }}
  annotations:
    checksum/files: {{ toYaml . | sha256sum }}
  {{- end }}
spec:
  serviceAccountName: {{ .Release.Name }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  {{- with .Values.terminationGracePeriodSeconds }}
  terminationGracePeriodSeconds: {{ int . }}
  {{- end }}
  securityContext:
    {{- include "library.podSecurity" . | nindent 4 }}
  {{- if gt (int .Values.replicas) 1 }}
  {{- include "library.spread" . | nindent 2 }}
  {{- end }}
  containers:
    - name: {{ .Chart.Name }}
      image: {{ .Values.image | quote }}
      {{- with .Values.command }}
      command:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .Values.args }}
      args:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      ports:
        {{- range $name, $port := include "library.ports" . | fromYaml }}
        - name: {{ $name }}
          containerPort: {{ int $port }}
        {{- end }}
      {{- if or .Values.env .Values.secretEnv .Values.variables }}
      env:
        {{- include "library.env" . | trim | nindent 8 }}
      {{- end }}
      {{- include "library.probes" . | nindent 6 }}
      resources:
        {{- toYaml .Values.resources | nindent 8 }}
      securityContext:
        {{- include "library.containerSecurity" . | nindent 8 }}
      {{- with include "library.mounts" . | trim }}
      volumeMounts:
        {{- . | nindent 8 }}
      {{- end }}
  {{- with include "library.volumes" . | trim }}
  volumes:
    {{- . | nindent 4 }}
  {{- end }}
{{- end }}

{{/* Copies on other nodes, and in other zones where there are some. */}}
{{- define "library.spread" -}}
topologySpreadConstraints:
  {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "library.selector" $ | nindent 8 }}
  {{- end }}
{{- end }}
