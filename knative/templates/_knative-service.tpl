{{/*
A Knative Service of the gateway.
  chart       the context of the chart
  name        of the Service
  visibility  public or cluster-local
  scale       as in the values
  env         variables that its pods have besides those of all, by their names
*/}}
{{- define "ocr-gateway.knative-service" -}}
apiVersion: serving.knative.dev/v1
kind: Service
metadata:
  name: {{ .name }}
  namespace: {{ .chart.Release.Namespace }}
  labels:
    {{- include "ocr-gateway.labels" .chart | nindent 4 }}
    {{- if eq .visibility "cluster-local" }}
    networking.knative.dev/visibility: cluster-local
    {{- end }}
  annotations: {{- include "ocr-gateway.after-model" . | nindent 4 }}
spec:
  template:
    metadata:
      labels: {{- include "ocr-gateway.selector" .chart | nindent 8 }}
      annotations:
        autoscaling.knative.dev/min-scale: {{ .scale.min | quote }}
        autoscaling.knative.dev/max-scale: {{ .scale.max | quote }}
        autoscaling.knative.dev/metric: concurrency
        autoscaling.knative.dev/target: {{ .scale.target | quote }}
        autoscaling.knative.dev/window: {{ .scale.window | quote }}
        autoscaling.knative.dev/scale-to-zero-pod-retention-period: {{ .scale.lastPodRetention | quote }}
    spec:
      containerConcurrency: {{ .scale.requests }}
      timeoutSeconds: {{ .chart.Values.timeout }}
      {{- /* Knative holds what is more than that. An eighth more places let one caller alone have all of them. */}}
      {{- $places := div (add (mul 9 .scale.requests) 7) 8 }}
      {{- include "ocr-gateway.pod" (dict "chart" .chart "requests" $places "env" .env) | nindent 6 }}
{{- end }}
