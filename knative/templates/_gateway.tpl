{{- define "ocr-gateway.selector" -}}
app.kubernetes.io/name: ocr-gateway
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "ocr-gateway.labels" -}}
{{ include "ocr-gateway.selector" . }}
app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: ocr-system
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{/* Argo CD makes what has this wave when the model, which has none, is healthy; others do not know it. */}}
{{- define "ocr-gateway.after-model" -}}
argocd.argoproj.io/sync-wave: "1"
{{- end }}

{{- define "ocr-gateway.image" -}}
{{- with .Values.image -}}
{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
{{- end -}}
{{- end }}

{{/* Namespaces by their names, as a policy wants them. */}}
{{- define "ocr-gateway.namespaces" -}}
{{- range . }}
- namespaceSelector:
    matchLabels: { kubernetes.io/metadata.name: {{ . }} }
{{- end }}
{{- end }}

{{/* What OCR_ACCESS is; fails unless the values say exactly one of both. */}}
{{- define "ocr-gateway.access" -}}
{{- with .Values.access -}}
{{- if and .open .keysSecret -}}
{{- fail "access.open lets everybody in, so access.keysSecret would be ignored. Set one of the two." -}}
{{- else if not (or .open .keysSecret) -}}
{{- fail "Say who may call the gateway: access.keysSecret names a Secret with the hashes of keys, access.open=true lets everybody in." -}}
{{- end -}}
{{ ternary "open" "keys" .open }}
{{- end -}}
{{- end }}

{{/* A value of settings. A number is read from YAML as a float, and a large one is written as 6e+07 if it is left so. */}}
{{- define "ocr-gateway.setting" -}}
{{- if and (kindIs "float64" .) (eq . (floor .)) }}{{ int64 . }}{{ else }}{{ . }}{{ end -}}
{{- end }}

{{/*
The pod, the same in every Knative Service and in a Deployment.
  chart     the context of the chart
  requests  that it holds at once
  env       variables that it has besides those of all pods, by their names
*/}}
{{- define "ocr-gateway.pod" -}}
{{- $env := merge (dict) .env (include "ocr-gateway.sink-env" .chart | fromYaml) -}}
{{- $requests := .requests -}}
{{- with .chart -}}
serviceAccountName: {{ .Values.name }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
containers:
  - name: gateway
    image: {{ include "ocr-gateway.image" . }}
    imagePullPolicy: {{ .Values.image.pullPolicy }}
    # Here and not in a ConfigMap, which revisions would share: a bad value must not reach the one that serves.
    env:
      - name: KSERVE_URL
        value: http://{{ .Values.model }}-predictor.{{ .Release.Namespace }}.svc.cluster.local/v2/models/{{ .Values.model }}/infer
      - { name: OCR_MAX_REQUESTS, value: {{ $requests | quote }} }
      - { name: OCR_REQUEST_TIMEOUT_MS, value: {{ mul 1000 (sub .Values.timeout 10) | quote }} }
      - { name: OCR_SHUTDOWN_GRACE_MS, value: {{ mul 1000 (sub .Values.timeout 10) | quote }} }
      - { name: OCR_ACCESS, value: {{ include "ocr-gateway.access" . }} }
      {{- if .Values.access.keysSecret }}
      - { name: OCR_KEYS_FILE, value: /etc/ocr/keys }
      {{- end }}
      {{- range $name, $value := $env }}
      {{- if hasKey $.chart.Values.settings $name }}
      {{- fail (printf "settings.%s cannot be set while the chart sets it itself, for events or for a sink." $name) }}
      {{- end }}
      - { name: {{ $name }}, value: {{ $value | quote }} }
      {{- end }}
      {{- range $name, $value := .Values.settings }}
      - { name: {{ $name }}, value: {{ include "ocr-gateway.setting" $value | quote }} }
      {{- end }}
    {{- with .Values.settingsSecret }}
    envFrom:
      - secretRef: { name: {{ . | quote }} }
    {{- end }}
    ports:
      - { containerPort: 8080, protocol: TCP }
    readinessProbe:
      httpGet: { path: /readyz, port: 8080 }
      periodSeconds: 1
      timeoutSeconds: 1
      successThreshold: 1
      failureThreshold: 30
    livenessProbe:
      httpGet: { path: /livez, port: 8080 }
      periodSeconds: 10
      timeoutSeconds: 5
      failureThreshold: 6
    {{- if eq .Values.mode "standard" }}
    # Requests still come while the endpoint goes; with Knative its proxy sees to that.
    lifecycle:
      preStop: { sleep: { seconds: 5 } }
    {{- end }}
    resources: {{- toYaml .Values.resources | nindent 6 }}
    securityContext:
      runAsNonRoot: true
      runAsUser: 65532
      allowPrivilegeEscalation: false
      readOnlyRootFilesystem: true
      capabilities: { drop: [ALL] }
      seccompProfile: { type: RuntimeDefault }
    {{- if .Values.access.keysSecret }}
    volumeMounts:
      # The folder and not the file, which would never change in a running pod.
      - { name: keys, mountPath: /etc/ocr, readOnly: true }
    {{- end }}
{{- with .Values.access }}
{{- if .keysSecret }}
volumes:
  - name: keys
    secret:
      secretName: {{ .keysSecret | quote }}
      items:
        - { key: {{ .keysSecretKey | quote }}, path: keys }
      # 0444: the file is root's, and Knative has no fsGroup to make it the gateway's. It holds no keys, but their hashes.
      defaultMode: 292
{{- end }}
{{- end }}
{{- end }}
{{- end }}
