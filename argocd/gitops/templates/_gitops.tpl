{{- define "ocr-gitops.labels" -}}
app.kubernetes.io/name: ocr-gitops
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/part-of: ocr-system
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "ocr-gitops.repo-url" -}}
{{- if regexMatch "^https?://[^/]*@|//[^/]*:[^/]*@" .Values.repoURL -}}
{{- fail "repoURL holds a user or a password, which would stand in the Applications for many to read. Leave it out, and give it to Argo CD as argocd/README.md tells." -}}
{{- end -}}
{{- required "repoURL says which Git repository Argo CD takes the charts from. Set it, for instance: --set repoURL=https://git.example.com/you/knative-ocr.git" .Values.repoURL -}}
{{- end }}

{{/* The environments that there are here, as a list in YAML with their names. */}}
{{- define "ocr-gitops.environments" -}}
{{- range $name := .Values.only }}
{{- if not (hasKey $.Values.environments $name) }}
{{- fail (printf "only names %s, but environments has %s." $name (keys $.Values.environments | sortAlpha | join ", ")) }}
{{- end }}
{{- end }}
{{- range $name, $environment := .Values.environments }}
{{- if or (empty $.Values.only) (has $name $.Values.only) }}
- name: {{ $name | quote }}
  namespace: {{ $environment.namespace | quote }}
  revision: {{ $.Values.revision | default $environment.revision | quote }}
  server: {{ $environment.server | quote }}
{{- end }}
{{- end }}
{{- end }}
