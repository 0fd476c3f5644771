{{- define "ocr-observability.labels" -}}
app.kubernetes.io/name: ocr-observability
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: ocr-system
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{/* Labels of what Prometheus chooses by labels. */}}
{{- define "ocr-observability.chosen-labels" -}}
{{ include "ocr-observability.labels" . }}
{{- with .Values.labels }}
{{ toYaml . }}
{{- end }}
{{- end }}
