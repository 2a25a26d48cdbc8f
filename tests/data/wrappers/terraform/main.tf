terraform {
  required_providers {
    helm = { source = "hashicorp/helm", version = "~> 3.0" }
  }
}

resource "helm_release" "claims" {
  name       = "claims"
  repository = "https://helm.astronomer.io"
  chart      = "astro-remote-execution-agent"
  version    = "2.3.3"
  namespace  = "airflow-agents"

  values = [yamlencode({
    resourceNamePrefix    = "claims-prod"
    namespace             = "airflow-agents"
    astroDeploymentAPIURL = "https://cm0k8x0.external.astronomer.run/d7f3k2a1"
    agentToken            = "kestrel41harbour7lantern23meadow"
    imagePullSecretName   = "astro-registry"
    image                 = "images.astronomer.cloud/baseimages/astro-remote-execution-agent:3.2-5-python-3.12-astro-agent-1.7.1"
    secretBackend         = "airflow.secrets.local_filesystem.LocalFilesystemBackend"
    xcomBackend           = "airflow.providers.common.io.xcom.backend.XComObjectStorageBackend"
    dagBundleConfigList = jsonencode([{
      name      = "claims"
      classpath = "airflow.providers.git.bundles.git.GitDagBundle"
      kwargs    = { git_conn_id = "claims_repo", tracking_ref = "main", subdir = "dags" }
    }])
    commonEnv = [
      {
        name  = "AIRFLOW__SECRETS__BACKEND_KWARGS"
        value = jsonencode({ variables_file_path = "/files/variables.json", connections_file_path = "/files/connections.json" })
      },
      { name = "AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_PATH", value = "s3://acme-claims-xcom/prod" },
      { name = "WAREHOUSE_PASSWORD", value = "Kestrel-41-harbour" },
    ]
    workers      = [{ name = "default", queues = "default", replicas = 2, syncSlots = 20 }]
    dagProcessor = { replicas = 1 }
    triggerer    = { asyncSlots = 1000 }
  })]
}
