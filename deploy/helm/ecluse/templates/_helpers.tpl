{{- define "ecluse.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" }}{{ end -}}
{{- end }}

{{- define "ecluse.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "ecluse.labels" -}}
{{ include "ecluse.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "ecluse.image" -}}
{{- with .Values.image }}
{{- if and (not .tag) (not .digest) }}{{ fail "image.tag or image.digest must be said: nobody would know what runs" }}{{ end }}
{{- if eq .tag "latest" }}{{ fail "image.tag must not be latest: what runs would change by itself; say a version, or a digest" }}{{ end }}
{{- .repository }}{{ with .tag }}:{{ . }}{{ end }}{{ with .digest }}@{{ . }}{{ end }}
{{- end }}
{{- end }}

{{- define "ecluse.url" -}}
{{- if .Values.server.url }}{{ .Values.server.url }}{{ else if .Values.ingress.enabled }}https://{{ .Values.ingress.host }}{{ end -}}
{{- end }}

{{/* What does not fit together is refused, with what to say instead. */}}
{{- define "ecluse.check" -}}
{{- if and .Values.workers (not .Values.database.secret) }}{{ fail "workers need database.secret: processes in several pods share a PostgreSQL that all of them reach" }}{{ end }}
{{- if and .Values.workers (has .Values.project.from (list "demo" "volume")) }}{{ fail "workers need project.from image or files: they do not have the volume of the server" }}{{ end }}
{{- if and .Values.backup.schedule (not .Values.backup.claim) }}{{ fail "backup.schedule needs backup.claim, the volume that backups are for" }}{{ end }}
{{- if and .Values.backup.schedule (not .Values.database.secret) }}{{ fail "backup.schedule needs database.secret; with a PostgreSQL in the pod run ecluse backup in it (kubectl exec)" }}{{ end }}
{{- if and .Values.backup.schedule (has .Values.project.from (list "demo" "volume")) }}{{ fail "backup.schedule needs project.from image or files" }}{{ end }}
{{- if and (eq .Values.project.from "files") (not .Values.project.files) }}{{ fail "project.from is files, but project.files has none" }}{{ end }}
{{- if and (eq .Values.project.from "demo") (ne .Values.project.environment "dev") }}{{ fail "The demo has the environment dev only" }}{{ end }}
{{- if and .Values.ingress.enabled (not .Values.ingress.host) }}{{ fail "ingress needs ingress.host" }}{{ end }}
{{- if and .Values.ingress.enabled (not .Values.ingress.tlsSecret) }}{{ fail "ingress needs ingress.tlsSecret: whoever signs in over HTTP is read by others" }}{{ end }}
{{- if and .Values.ingress.enabled .Values.network.policies (not .Values.network.from) }}{{ fail "ingress needs network.from: nobody gets in, not even the ingress controller" }}{{ end }}
{{- if .Values.spark.enabled }}
{{- if not .Values.spark.namespace }}{{ fail "spark needs spark.namespace" }}{{ end }}
{{- if eq .Values.spark.namespace .Release.Namespace }}{{ fail (printf "spark.namespace must be another than %s: who may submit may list the secrets there" .Release.Namespace) }}{{ end }}
{{- if and .Values.network.policies (not .Values.spark.apiServer.to) }}{{ fail "spark needs spark.apiServer.to, the addresses of the API server (kubectl get endpoints kubernetes)" }}{{ end }}
{{- $runners := ternary 1 0 (gt (int .Values.server.tasks) 0) }}
{{- range .Values.workers }}{{ $runners = add $runners (int .replicas) }}{{ end }}
{{- if ne (int $runners) 1 }}{{ fail (printf "spark needs exactly one process that runs tasks, at whose door Spark's applications ask for work, but there are %d; set workers to {}, the work itself is done by Spark" (int $runners)) }}{{ end }}
{{- if eq (int .Values.server.tasks) 0 }}{{ fail "spark needs server.tasks of at least 1: Spark's applications ask the server for work" }}{{ end }}
{{- end }}
{{- end }}

{{- define "ecluse.container.security" -}}
allowPrivilegeEscalation: false
capabilities:
  drop: [ALL]
privileged: false
readOnlyRootFilesystem: true
runAsNonRoot: true
{{- end }}

{{- define "ecluse.pod.security" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
# never opened to the group again: PostgreSQL and secrets refuse files that others may read
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "ecluse.env" -}}
- name: ECLUSE_HEALTH_PORT
  value: "8081"
- name: ECLUSE_LOG
  value: {{ .Values.log.level | quote }}
- name: ECLUSE_LOG_FORMAT
  value: {{ .Values.log.format | quote }}
- name: HOME
  value: /tmp
- name: XDG_CACHE_HOME
  value: {{ .Values.project.path }}/.ecluse/cache
{{- if or .Values.secrets .Values.database.secret }}
- name: ECLUSE_SECRETS
  value: /run/secrets/ecluse
{{- end }}
{{- if .Values.database.secret }}
- name: ECLUSE_DATABASE_URL
  value: "${secret:database_url}"
{{- end }}
{{- end }}

{{/* Volumes of every pod but that of the state. */}}
{{- define "ecluse.volumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: 2Gi
{{- if or .Values.secrets .Values.database.secret }}
- name: secrets
  projected:
    defaultMode: 288 # 0440
    sources:
      {{- with .Values.secrets }}
      - secret:
          name: {{ . }}
      {{- end }}
      {{- if .Values.database.secret }}
      - secret:
          name: {{ .Values.database.secret }}
          items:
            - key: {{ .Values.database.key }}
              path: database_url
      {{- end }}
{{- end }}
{{- if eq .Values.project.from "files" }}
- name: project
  configMap:
    name: {{ include "ecluse.name" . }}-project
{{- end }}
{{- end }}

{{- define "ecluse.mounts" -}}
- name: tmp
  mountPath: /tmp
- name: state
  mountPath: {{ .Values.project.path }}{{ ternary "" "/.ecluse" (has .Values.project.from (list "demo" "volume")) }}
  {{- with .Values.state.subPath }}
  subPath: {{ . }}
  {{- end }}
{{- if or .Values.secrets .Values.database.secret }}
- name: secrets
  mountPath: /run/secrets/ecluse
  readOnly: true
{{- end }}
{{- if eq .Values.project.from "files" }}
{{- range $path, $text := .Values.project.files }}
- name: project
  mountPath: {{ $.Values.project.path }}/{{ $path }}
  subPath: {{ include "ecluse.key" $path }}
  readOnly: true
{{- end }}
{{- end }}
{{- end }}

{{/* Keys of a ConfigMap have no slash. */}}
{{- define "ecluse.key" -}}
{{- . | replace "/" "--" -}}
{{- end }}

{{- define "ecluse.pod.metadata" -}}
labels:
  {{- include "ecluse.labels" .root | nindent 2 }}
  app.kubernetes.io/component: {{ .component }}
  {{- with .root.Values.podLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
annotations:
  # pods start anew when files of the project change
  checksum/project: {{ .root.Values.project.files | toJson | sha256sum }}
  {{- with .root.Values.podAnnotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{- define "ecluse.probes" -}}
startupProbe:
  httpGet: { path: /health/live, port: health }
  periodSeconds: 5
  failureThreshold: 120
livenessProbe:
  httpGet: { path: /health/live, port: health }
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  httpGet: { path: /health/ready, port: health }
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 3
{{- end }}

{{- define "ecluse.pull" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end }}

{{- define "ecluse.egress" -}}
{{- range . }}
- to:
    - ipBlock:
        cidr: {{ .to }}
  ports:
    {{- range .ports }}
    - port: {{ . }}
      protocol: TCP
    {{- end }}
{{- end }}
{{- end }}

{{- define "ecluse.egress.dns" -}}
- to:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: {{ .Values.network.dns.namespace }}
      podSelector:
        matchLabels:
          {{- toYaml .Values.network.dns.labels | nindent 10 }}
  ports:
    - { port: 53, protocol: UDP }
    - { port: 53, protocol: TCP }
{{- end }}

{{- define "ecluse.egress.api" -}}
{{- range .Values.spark.apiServer.to }}
- to:
    - ipBlock:
        cidr: {{ . }}
  ports:
    - { port: {{ $.Values.spark.apiServer.port }}, protocol: TCP }
{{- end }}
{{- end }}
