{{- define "agent.name" -}}
{{ .Values.resourceNamePrefix }}-{{ .key }}{{ with .worker }}-{{ . }}{{ end }}
{{- end }}
{{- define "agent.metadata" -}}
name: {{ include "agent.name" . }}
namespace: {{ .Values.namespace }}
labels: {{ merge (dict "app" "astro-agent" "helm.sh/chart" (printf "%s-%s" .Chart.Name .Chart.Version)) .Values.labels | toJson }}
{{- end }}
{{- define "agent.variables" -}}
{{- $v := .Values }}
- {name: ASTRO_AGENT_ADDRESS, value: {{ $v.astroDeploymentAPIURL | quote }}}
{{- with $v.agentTokenSecretName }}
- {name: ASTRO_AGENT_CLIENT_API_TOKEN, valueFrom: {secretKeyRef: {name: {{ . }}, key: token}}}
{{- end }}
{{- if $v.agentToken }}
- {name: ASTRO_AGENT_CLIENT_API_TOKEN, valueFrom: {secretKeyRef: {name: agent-token-secret, key: token}}}
{{- end }}
{{- with $v.agentTokenFile }}
- {name: ASTRO_AGENT_CLIENT_API_TOKEN_FILE, value: {{ . | quote }}}
{{- end }}
{{- with $v.secretBackend }}
- {name: AIRFLOW__SECRETS__BACKEND, value: {{ . | quote }}}
{{- end }}
{{- with $v.xcomBackend }}
- {name: AIRFLOW__CORE__XCOM_BACKEND, value: {{ . | quote }}}
{{- end }}
{{- with $v.stateStoreBackend }}
- {name: AIRFLOW__WORKERS__STATE_STORE_BACKEND, value: {{ . | quote }}}
{{- end }}
{{- with $v.dagBundleConfigList }}
- {name: AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST, value: {{ . | quote }}}
{{- end }}
- {name: AIRFLOW__LOGGING__LOGGING_LEVEL, value: {{ $v.logLevel | quote }}}
{{- if hasKey $v.openLineage "enabled" }}
- {name: OPENLINEAGE_DISABLED, value: {{ not $v.openLineage.enabled | quote }}}
{{- end }}
{{- with $v.openLineage.url }}
- {name: OPENLINEAGE_URL, value: {{ . | quote }}}
{{- end }}
{{- with $v.openLineage.endpoint }}
- {name: OPENLINEAGE_ENDPOINT, value: {{ . | quote }}}
{{- end }}
{{- with $v.openLineage.namespace }}
- {name: OPENLINEAGE_NAMESPACE, value: {{ . | quote }}}
{{- end }}
{{- with $v.openLineage.facetsEnvironmentVariables }}
- {name: OPENLINEAGE__FACETS__ENVIRONMENT_VARIABLES, value: {{ . | toJson | quote }}}
{{- end }}
{{- with ternary "openlineage-api-key-secret" $v.openLineage.apiKeySecret (not (empty $v.openLineage.apiKey)) }}
- {name: OPENLINEAGE_API_KEY, valueFrom: {secretKeyRef: {name: {{ . }}, key: api-key}}}
{{- end }}
{{- with $v.commonEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}
{{- define "agent.deployment" -}}
{{- $v := .Values }}
{{- $c := .component }}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{- include "agent.metadata" . | nindent 2 }}
spec:
  replicas: {{ $c.replicas | default 1 }}
  selector: {matchLabels: {app: astro-agent}}
  template:
    metadata:
      labels: {{ merge (dict "app" "astro-agent") $v.labels | toJson }}
      annotations: {{ $v.annotations | toJson }}
    spec:
      serviceAccountName: {{ (.account).name | default (include "agent.name" .) }}
      {{- with ternary "image-pull-secret" $v.imagePullSecretName (not (empty $v.imagePullSecretData)) }}
      imagePullSecrets: [{name: {{ . }}}]
      {{- end }}
      securityContext: {{ $c.podSecurityContext | default $v.podSecurityContext | toJson }}
      {{- with $c.initContainers }}
      initContainers: {{ toJson . }}
      {{- end }}
      {{- $volumes := $c.volumes | default list }}
      {{- if .sidecar }}
      {{- $volumes = append $volumes (dict "name" "sidecar-config" "configMap" (dict "name" (printf "%s-cm" $v.loggingSidecar.name))) }}
      {{- end }}
      volumes: {{ toJson $volumes }}
      containers:
      - name: {{ .key }}
        image: {{ $c.image | default $v.image | quote }}
        securityContext: {{ $c.containerSecurityContext | default $v.containerSecurityContext | toJson }}
        volumeMounts: {{ $c.volumeMounts | default list | toJson }}
        env:
        {{- if ne .key "sentinel" }}
        {{- include "agent.variables" . | nindent 8 }}
        {{- end }}
        {{- with $c.env }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- with $c.extraContainers }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
      {{- if .sidecar }}
      - name: {{ $v.loggingSidecar.name }}
        image: {{ $v.loggingSidecar.image }}
        env: {{ $v.loggingSidecar.env | default list | toJson }}
        securityContext: {{ $v.loggingSidecar.securityContext | default dict | toJson }}
        {{- $own := dict "name" "sidecar-config" "mountPath" "/etc/vector" }}
        volumeMounts: {{ append ($v.loggingSidecar.volumeMounts | default list) $own | toJson }}
      {{- end }}
{{- if ne (toString (.account).create) "false" }}
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ (.account).name | default (include "agent.name" .) }}
  namespace: {{ $v.namespace }}
  annotations: {{ merge dict ((.account).annotations | default dict) $v.serviceAccount.annotations $v.annotations | toJson }}
{{- end }}
{{ end }}
