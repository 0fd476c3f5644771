{{- define "ocr-model.labels" -}}
app.kubernetes.io/name: ocr-model
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: ocr-system
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "ocr-model.image" -}}
{{- with .Values.image -}}
{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
{{- end -}}
{{- end }}

{{/* Namespaces by their names, as a policy wants them. */}}
{{- define "ocr-model.namespaces" -}}
{{- range . }}
- namespaceSelector:
    matchLabels: { kubernetes.io/metadata.name: {{ . }} }
{{- end }}
{{- end }}

{{/* A value of settings. A number is read from YAML as a float, and a large one is written as 6e+07 if it is left so. */}}
{{- define "ocr-model.setting" -}}
{{- if and (kindIs "float64" .) (eq . (floor .)) }}{{ int64 . }}{{ else }}{{ . }}{{ end -}}
{{- end }}

{{/* The container, the same in an InferenceService of its own and in a ServingRuntime. */}}
{{- define "ocr-model.container" -}}
- name: kserve-container
  image: {{ include "ocr-model.image" . }}
  imagePullPolicy: {{ .Values.image.pullPolicy }}
  env:
    - { name: PROTOCOL, value: v2 }
    - { name: OCR_WORK_DIR, value: /tmp }
    - { name: OCR_ENGINE_PROCESSES, value: {{ .Values.scale.workers | quote }} }
    - { name: OCR_REQUEST_TIMEOUT_MS, value: {{ mul 1000 (sub .Values.timeout 10) | quote }} }
    - { name: OCR_SHUTDOWN_GRACE_MS, value: {{ mul 1000 (sub .Values.timeout 10) | quote }} }
    {{- if eq .Values.mode "standard" }}
    # Nobody else holds requests back here, and each that waits has its image in memory.
    - { name: OCR_QUEUE_LIMIT, value: {{ mul 4 .Values.scale.workers | quote }} }
    {{- end }}
    {{- if .Values.storageUri }}
    - { name: OCR_TESSDATA, value: /mnt/models }
    {{- end }}
    {{- range $name, $value := .Values.settings }}
    - { name: {{ $name }}, value: {{ include "ocr-model.setting" $value | quote }} }
    {{- end }}
  ports:
    # By this name Knative sends HTTP/2, so that REST and gRPC come by one port. Probes come by HTTP/1.1.
    - { name: h2c, containerPort: 8080, protocol: TCP }
  readinessProbe:
    httpGet: { path: /v2/models/{{ .Values.name }}/ready, port: 8080 }
    periodSeconds: 1
    timeoutSeconds: 1
    successThreshold: 1
    failureThreshold: 30
  livenessProbe:
    httpGet: { path: /v2/health/live, port: 8080 }
    periodSeconds: 10
    timeoutSeconds: 5
    failureThreshold: 6
  {{- if eq .Values.mode "standard" }}
  # Requests still come while the endpoint goes; with Knative its proxy sees to that.
  lifecycle:
    preStop: { sleep: { seconds: 5 } }
  {{- end }}
  resources: {{- toYaml .Values.resources | nindent 4 }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 65532
    allowPrivilegeEscalation: false
    readOnlyRootFilesystem: true
    capabilities: { drop: [ALL] }
    seccompProfile: { type: RuntimeDefault }
  volumeMounts:
    - { name: tmp, mountPath: /tmp }
{{- end }}

{{- define "ocr-model.volumes" -}}
- name: tmp
  # A page of 25 megapixels in color for each worker, and some more.
  emptyDir: { medium: Memory, sizeLimit: {{ mul 192 .Values.scale.workers }}Mi }
{{- end }}
