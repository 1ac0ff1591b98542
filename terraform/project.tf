resource "digitalocean_project" "main" {
  name        = local.name
  description = "Constancia: proof that a payment arrived."
  purpose     = "Service or API"
  environment = title(var.environment)

  resources = concat(
    digitalocean_droplet.app[*].urn,
    digitalocean_droplet.event_store[*].urn,
    digitalocean_volume.event_store[*].urn,
    digitalocean_droplet.monitoring[*].urn,
    digitalocean_volume.monitoring[*].urn,
    digitalocean_database_cluster.redis[*].urn,
    digitalocean_kubernetes_cluster.main[*].urn,
    digitalocean_domain.main[*].urn,
    [
      digitalocean_database_cluster.postgres.urn,
      digitalocean_loadbalancer.api.urn,
      digitalocean_spaces_bucket.backups.urn,
    ],
  )
}
