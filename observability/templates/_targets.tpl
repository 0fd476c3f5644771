{{/*
What is watched, as a list in YAML:
  name    of its monitor
  job     the label by which rules and dashboards know it, whatever its name is
  pods    labels of its pods
  port    of its containers, and what Prometheus calls it; the one that the pods declare
*/}}
{{- define "ocr-observability.targets" -}}
{{- $knative := dict "port" "user-port" -}}
{{- $standard := dict "portNumber" 8080 -}}
{{- with .Values.gateway }}
{{- if eq .mode "knative" }}
{{- range $name := list .name (printf "%s-events" .name) }}
- name: {{ $name }}
  job: ocr-gateway
  pods: { serving.knative.dev/service: {{ $name }} }
  port: {{ toJson $knative }}
{{- end }}
{{- else }}
- name: {{ .name }}
  job: ocr-gateway
  pods:
    app.kubernetes.io/name: ocr-gateway
    app.kubernetes.io/instance: {{ .release | default $.Release.Name }}
  port: {{ toJson $standard }}
{{- end }}
{{- end }}
{{- with .Values.model }}
- name: {{ .name }}
  job: ocr-model
  pods: { serving.kserve.io/inferenceservice: {{ .name }} }
  port: {{ toJson (eq .mode "knative" | ternary $knative $standard) }}
{{- end }}
{{- end }}

{{/* Bounds, and which labels of the pods the series get; the same in both kinds of monitors. */}}
{{- define "ocr-observability.monitor" -}}
podTargetLabels: [serving.knative.dev/service, serving.knative.dev/revision]
{{- with .Values.limits }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* What is the same at all endpoints. */}}
{{- define "ocr-observability.endpoint" -}}
path: /metrics
scheme: http
interval: {{ .Values.interval }}
honorLabels: false
{{- end }}
