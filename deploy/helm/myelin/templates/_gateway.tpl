{{/*
The gateway's configuration: the template of deploy/gateway, filled in with the rules of the services, and with what only
Kubernetes needs: whom to believe about a client's address, and a port for probes.
*/}}
{{- define "myelin.gateway.configuration" -}}
{{- $values := .Values }}
{{- $known := include "myelin.services" . | fromJson }}
{{- $any := include "myelin.anyAddress" . }}
{{- $rules := list }}
{{- range $known.gateway.rules }}
{{- $rules = append $rules (printf "\"~%s\" %s;" .pattern .service) }}
{{- end }}
{{- $upstreams := list }}
{{- range $known.services }}
{{- if .sharing }}
{{- $upstreams = append $upstreams (include "myelin.gateway.upstream" . | trim) }}
{{- end }}
{{- end }}
{{- $text := .Files.Get "files/nginx.conf" }}
{{- range $name, $value := dict
    "WORKERS" (toString $values.gateway.workers)
    "DIRECTORY" "/run/gateway"
    "LOG" "/dev/stderr"
    "CLIENT_LISTEN" (printf "%s:8008" $any)
    "FEDERATION_LISTEN" (printf "%s:8448" $any)
    "FEDERATION_SERVES_CLIENTS" "false"
    "CERTIFICATE" "/run/secrets/tls/tls.crt"
    "PRIVATE_KEY" "/run/secrets/tls/tls.key"
    "REQUEST_SIZE" $values.gateway.requestSize
    "EVERYTHING_ELSE" $known.gateway.everythingElse
    "RULES" (join "\n        " $rules)
    "UPSTREAMS" (join "\n    " $upstreams) }}
{{- $text = replace (printf "${MYELIN_GATEWAY_%s}" $name) $value $text }}
{{- end }}
{{- $text = regexReplaceAll "worker_shutdown_timeout [^;]*;" $text (printf "worker_shutdown_timeout %ds;" (int $values.gateway.stopSeconds)) }}
{{- $text = regexReplaceAll "(?m)^http \\{\n" $text (printf "http {\n%s\n" (include "myelin.gateway.additions" .)) }}
{{- if contains "${MYELIN_GATEWAY_" $text }}
{{- fail "files/nginx.conf has a variable that this chart does not know" }}
{{- end }}
{{- $text }}
{{- end }}

{{- define "myelin.gateway.upstream" }}
    upstream {{ .name }} {
        zone {{ .name }} 64k;
        {{ ternary "hash $caller consistent" "random two least_conn" (eq .sharing "by-user") }};
        include /run/gateway/{{ .name }}.servers;
        keepalive 256;
        keepalive_requests 1000000;
        keepalive_timeout 20s;
    }
{{- end }}

{{- define "myelin.gateway.additions" }}
    include /run/gateway/options.conf;
    {{- range .Values.network.trustedProxies }}
    set_real_ip_from {{ . }};
    {{- end }}
    real_ip_header X-Forwarded-For;
    real_ip_recursive on;
    server {
        listen {{ include "myelin.anyAddress" . }}:8010;
        location = /ready {
            return 200;
        }
        location / {
            return 404;
        }
    }
{{- end }}
