{{/*
The template of a pod that runs Myelin. Takes a dictionary of
  root
  component: the label, and the first argument after the image's entrypoint unless run is given
  run: the first argument
  settings: see myelin.settings
  heapMegabytes: the size of the heap
  schema: its schema; empty for a component without a database
  clients: whether it has a port for clients
  data: the volume of its data, as YAML
*/}}
{{- define "myelin.pod" -}}
{{- $root := .root }}
{{- $values := .root.Values }}
{{- $settings := .settings }}
{{- $apart := eq $values.shape "apart" }}
{{- $heap := int ($settings.heapMegabytes | default .heapMegabytes) }}
metadata:
  labels:
    {{- include "myelin.labels" . | nindent 4 }}
    {{- with $settings.labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    checksum/configuration: {{ include "myelin.configuration" $root | sha256sum }}
    {{- with $settings.annotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "myelin.serviceAccount.name" $root }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  {{- with $values.image.pullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $settings.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  securityContext:
    {{- toYaml $values.podSecurityContext | nindent 4 }}
  terminationGracePeriodSeconds: {{ add $settings.preStopSeconds $settings.stopSeconds }}
  containers:
    - name: myelin
      image: {{ include "myelin.image" $root }}
      imagePullPolicy: {{ $values.image.pullPolicy }}
      args:
        - {{ .run | default .component }}
        - --config
        - /etc/myelin/myelin.yaml
      env:
        # Myelin closes its directory to others, which only the owner may do: the root of a volume belongs to root.
        - name: MYELIN_DATA
          value: /var/lib/myelin/data
        - name: MYELIN_LISTENERS_ADDRESS
          value: {{ ternary "::" "0.0.0.0" (eq $values.network.family "IPv6") | quote }}
        - name: MYELIN_LISTENERS_INTERNAL_ADDRESS
          value: {{ ternary "::" "0.0.0.0" (eq $values.network.family "IPv6") | quote }}
        - name: MYELIN_LISTENERS_INTERNAL_PORT
          value: "8009"
        - name: MYELIN_SIGNING_KEY_FILE
          value: /run/secrets/myelin/signing.key
        # By itself the JVM begins with 1/64 of the container's memory: too little for the AOT caches of some of its versions, whose
        # objects have to fit.
        - name: JDK_JAVA_OPTIONS
          value: {{ printf "-Xmx%dm -Xms40m -XX:NewSize=24m %s" $heap ($settings.javaOptions | default "") | trim | quote }}
        {{- if $apart }}
        - name: POD_NAME
          valueFrom:
            fieldRef:
              fieldPath: metadata.name
        - name: POD_IP
          valueFrom:
            fieldRef:
              fieldPath: status.podIP
        - name: MYELIN_INSTANCE
          value: $(POD_NAME)
        # The others learn from any instance where each of them is, so this has to be the pod's own address.
        - name: MYELIN_LISTENERS_INTERNAL_URL
          value: {{ ternary "http://[$(POD_IP)]:8009" "http://$(POD_IP):8009" (eq $values.network.family "IPv6") | quote }}
        - name: MYELIN_INTERNAL_SECRET_FILE
          value: /run/secrets/myelin/internal.secret
        {{- range (include "myelin.services" $root | fromJson).services }}
        - name: {{ printf "MYELIN_SERVICES_%s" (.name | upper | replace "-" "_") }}
          value: {{ printf "http://%s:8009" (include "myelin.component.name" (dict "root" $root "component" .name)) }}
        {{- end }}
        {{- end }}
        {{- if and (not $apart) $values.tls.existingSecret }}
        - name: MYELIN_TLS_CERTIFICATE
          value: /run/secrets/tls/tls.crt
        - name: MYELIN_TLS_PRIVATE_KEY
          value: /run/secrets/tls/tls.key
        {{- end }}
        {{- if $settings.database.url }}
        - name: MYELIN_DATABASE_URL
          value: {{ $settings.database.url | quote }}
        {{- end }}
        {{- if and $settings.database.url .schema }}
        - name: MYELIN_DATABASE_USER
          value: {{ $settings.database.user | replace "{schema}" .schema | quote }}
        - name: MYELIN_DATABASE_PASSWORD_FILE
          value: /run/secrets/database/{{ $settings.database.passwordKey }}
        {{- end }}
        {{- if $settings.kafka.bootstrapServers }}
        - name: MYELIN_KAFKA_BOOTSTRAP_SERVERS
          value: {{ $settings.kafka.bootstrapServers | quote }}
        - name: MYELIN_KAFKA_PROPERTIES_FILE
          value: /etc/myelin/kafka.properties
        {{- end }}
        {{- with $settings.env }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      ports:
        {{- if .clients }}
        - name: clients
          containerPort: 8008
        {{- end }}
        - name: internal
          containerPort: 8009
        {{- if not $apart }}
        - name: federation
          containerPort: 8448
        {{- end }}
      startupProbe:
        httpGet:
          path: /actuator/health/liveness
          port: internal
        periodSeconds: 2
        failureThreshold: {{ div (add $settings.startSeconds 1) 2 }}
      livenessProbe:
        httpGet:
          path: /actuator/health/liveness
          port: internal
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 6
      readinessProbe:
        httpGet:
          path: /actuator/health/readiness
          port: internal
        periodSeconds: 2
        timeoutSeconds: 2
        failureThreshold: 3
      # Meanwhile the gateway, or whatever is in front, learns that this pod is about to stop, and sends it nothing more.
      lifecycle:
        preStop:
          sleep:
            seconds: {{ $settings.preStopSeconds }}
      resources:
        {{- $given := $settings.resources | default dict }}
        {{- $memory := printf "%dMi" (add $heap $settings.memoryBesideHeapMegabytes) }}
        requests:
          {{- merge (dict) ($given.requests | default dict) (dict "memory" $memory) | toYaml | nindent 10 }}
        limits:
          {{- merge (dict) ($given.limits | default dict) (dict "memory" $memory) | toYaml | nindent 10 }}
      securityContext:
        {{- toYaml $values.containerSecurityContext | nindent 8 }}
      volumeMounts:
        - name: data
          mountPath: /var/lib/myelin
        - name: tmp
          mountPath: /tmp
        - name: configuration
          mountPath: /etc/myelin
          readOnly: true
        - name: secrets
          mountPath: /run/secrets/myelin
          readOnly: true
        {{- if and (not $apart) $values.tls.existingSecret }}
        - name: tls
          mountPath: /run/secrets/tls
          readOnly: true
        {{- end }}
        {{- if and $settings.database.url .schema }}
        - name: database
          mountPath: /run/secrets/database
          readOnly: true
        {{- end }}
        {{- if and $settings.database.url $settings.database.caSecret }}
        - name: database-ca
          mountPath: /run/secrets/database-ca
          readOnly: true
        {{- end }}
        {{- if and $settings.kafka.bootstrapServers $settings.kafka.secret }}
        - name: kafka
          mountPath: /run/secrets/kafka
          readOnly: true
        {{- end }}
        {{- if and $settings.kafka.bootstrapServers $settings.kafka.caSecret }}
        - name: kafka-ca
          mountPath: /run/secrets/kafka-ca
          readOnly: true
        {{- end }}
        {{- with $settings.volumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
  volumes:
    {{- with .data }}
    {{- . | nindent 4 }}
    {{- end }}
    - name: tmp
      emptyDir: {}
    - name: configuration
      configMap:
        name: {{ include "myelin.name" $root }}
    - name: secrets
      secret:
        secretName: {{ include "myelin.secret.name" $root }}
        defaultMode: 0440
        items:
          - key: signing.key
            path: signing.key
          {{- if $apart }}
          - key: internal.secret
            path: internal.secret
          {{- end }}
    {{- if and (not $apart) $values.tls.existingSecret }}
    - name: tls
      secret:
        secretName: {{ $values.tls.existingSecret }}
        defaultMode: 0440
    {{- end }}
    {{- if and $settings.database.url .schema }}
    - name: database
      secret:
        secretName: {{ $settings.database.secret | replace "{component}" .component }}
        defaultMode: 0440
    {{- end }}
    {{- if and $settings.database.url $settings.database.caSecret }}
    - name: database-ca
      secret:
        secretName: {{ $settings.database.caSecret }}
        defaultMode: 0440
        items:
          - key: {{ $settings.database.caKey }}
            path: ca.crt
    {{- end }}
    {{- if and $settings.kafka.bootstrapServers $settings.kafka.secret }}
    - name: kafka
      secret:
        secretName: {{ $settings.kafka.secret | replace "{component}" .component }}
        defaultMode: 0440
    {{- end }}
    {{- if and $settings.kafka.bootstrapServers $settings.kafka.caSecret }}
    - name: kafka-ca
      secret:
        secretName: {{ $settings.kafka.caSecret }}
        defaultMode: 0440
        items:
          - key: {{ $settings.kafka.caKey }}
            path: ca.crt
    {{- end }}
    {{- with $settings.volumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with $settings.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $settings.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $settings.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- include "myelin.spread" (dict "root" $root "component" .component "spread" $settings.spread) | nindent 2 }}
{{- end }}

{{/* Pods of a component are spread over nodes and zones as far as possible. */}}
{{- define "myelin.spread" -}}
{{- with .spread }}
topologySpreadConstraints:
  {{- range . }}
  - topologyKey: {{ . }}
    maxSkew: 1
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "myelin.selector" $ | nindent 8 }}
    matchLabelKeys: [pod-template-hash]
  {{- end }}
{{- end }}
{{- end }}
