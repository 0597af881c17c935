{{/* The release's name, which begins the name of everything in it. */}}
{{- define "myelin.name" -}}
{{- if contains "myelin" .Release.Name }}{{ .Release.Name }}{{ else }}{{ printf "%s-myelin" .Release.Name }}{{ end -}}
{{- end }}

{{/* The name of one component's objects. Takes a dictionary of root and component. */}}
{{- define "myelin.component.name" -}}
{{ printf "%s-%s" (include "myelin.name" .root) .component | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* What selects a component's pods; without a component, all of the release. */}}
{{- define "myelin.selector" -}}
app.kubernetes.io/name: myelin
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- with .component }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end }}

{{- define "myelin.labels" -}}
{{ include "myelin.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end }}

{{/* The services, from their descriptions. A caller reads it with fromJson. */}}
{{- define "myelin.services" -}}
{{ .Files.Get "files/services.json" }}
{{- end }}

{{/*
The settings of one service's pods: those of all, of its role and of its own, the last counting most. Takes a dictionary
of root and service.
*/}}
{{- define "myelin.settings" -}}
{{- $values := .root.Values }}
{{- $all := deepCopy $values.pods }}
{{- $ofRole := deepCopy (get $values.roles .service.role | default dict) }}
{{- $own := deepCopy (get $values.components .service.name | default dict) }}
{{- mergeOverwrite $all $ofRole $own | toJson }}
{{- end }}

{{/* Fails with a sentence if the values name a component that does not exist. */}}
{{- define "myelin.check" -}}
{{- $names := list }}
{{- range (include "myelin.services" . | fromJson).services }}{{ $names = append $names .name }}{{ end }}
{{- range $name, $_ := .Values.components }}
{{- if not (has $name $names) }}
{{- fail (printf "components.%s: there is no such component. There are: %s." $name (join ", " $names)) }}
{{- end }}
{{- end }}
{{- end }}

{{- define "myelin.image" -}}
{{- $image := .Values.image }}
{{- if $image.digest }}{{ printf "%s@%s" $image.repository $image.digest }}
{{- else }}{{ printf "%s:%s" $image.repository ($image.tag | default .Chart.AppVersion) }}{{ end }}
{{- end }}

{{- define "myelin.secret.name" -}}
{{ .Values.secrets.existingSecret | default (printf "%s-secrets" (include "myelin.name" .)) }}
{{- end }}

{{- define "myelin.serviceAccount.name" -}}
{{ .Values.serviceAccount.name | default (include "myelin.name" .) }}
{{- end }}

{{/* An address that listens on everything. */}}
{{- define "myelin.anyAddress" -}}
{{ ternary "[::]" "0.0.0.0" (eq .Values.network.family "IPv6") }}
{{- end }}
