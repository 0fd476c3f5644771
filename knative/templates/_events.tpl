{{/* The Service that takes events, and the Trigger that brings them. */}}
{{- define "ocr-gateway.events-name" -}}
{{ .Values.name }}-events
{{- end }}

{{/* Source of the events that are sent; one for both Services, whose results are the same. */}}
{{- define "ocr-gateway.event-source" -}}
/namespaces/{{ .Release.Namespace }}/{{ .Values.name }}
{{- end }}

{{/*
Variables of all pods when there is a sink. Not by a SinkBinding: its webhook would own the list of containers, and the
next upgrade by helm would end with a conflict.
*/}}
{{- define "ocr-gateway.sink-env" -}}
{{- with .Values.sink -}}
K_SINK: {{ . | quote }}
OCR_EVENT_SOURCE: {{ include "ocr-gateway.event-source" $ }}
{{- end -}}
{{- end }}
