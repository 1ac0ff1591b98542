output "api_url" {
  description = "Where the API answers."
  value       = "https://${local.api_host}"
}

output "name_servers" {
  description = "Set these at the registrar of the domain, or nothing resolves and no certificate is issued."
  value       = ["ns1.digitalocean.com", "ns2.digitalocean.com", "ns3.digitalocean.com"]
}

output "load_balancer_ip" {
  description = "Public address of the API."
  value       = digitalocean_loadbalancer.api.ip
}

output "app_addresses" {
  description = "Public address, for SSH from admin_cidrs, by name of droplet."
  value       = { for droplet in digitalocean_droplet.app : droplet.name => droplet.ipv4_address }
}

output "event_store_addresses" {
  description = "Public address, for SSH from admin_cidrs, by the node's own name inside the VPC."
  value       = { for i, host in local.event_store_hosts : host => digitalocean_droplet.event_store[i].ipv4_address }
}

output "monitoring_address" {
  description = "Public address of the monitoring droplet: Grafana on 3000, Prometheus on 9090, from admin_cidrs."
  value       = one(digitalocean_droplet.monitoring[*].ipv4_address)
}

output "vpc_id" {
  description = "The private network."
  value       = digitalocean_vpc.main.id
}

output "backups_bucket" {
  description = "Bucket and endpoint of the backups."
  value = {
    name     = digitalocean_spaces_bucket.backups.name
    endpoint = "https://${var.region}.digitaloceanspaces.com"
  }
}

output "prometheus_targets" {
  description = "Content of the target files of monitoring/prometheus/targets, by file name without extension."
  value = {
    constancia = [{
      targets = [for droplet in digitalocean_droplet.app : "${droplet.ipv4_address_private}:8000"]
      labels  = { environment = var.environment }
    }]
    event-store = [{
      targets = [for host in local.event_store_hosts : "${host}:2113"]
      labels  = { environment = var.environment }
    }]
    node = [{
      targets = [
        for droplet in concat(digitalocean_droplet.app, digitalocean_droplet.event_store, digitalocean_droplet.monitoring) :
        "${droplet.ipv4_address_private}:9100"
      ]
      labels = { environment = var.environment }
    }]
  }
}

# Each becomes one file in /etc/constancia/secrets of the application droplets. The event store's password is not known here:
# it replaces PASSWORD.
output "app_secrets" {
  description = "What Terraform knows of the service's secrets, by file name."
  sensitive   = true
  value = {
    "database-ca.pem" = data.digitalocean_database_ca.postgres.certificate
    database-url = format(
      "postgresql://%s:%s@%s:%s/%s?sslmode=verify-full&sslrootcert=/run/secrets/database-ca.pem",
      digitalocean_database_user.constancia.name,
      urlencode(digitalocean_database_user.constancia.password),
      digitalocean_database_cluster.postgres.private_host,
      digitalocean_database_cluster.postgres.port,
      digitalocean_database_db.constancia.name,
    )
    eventstore-url = format(
      "esdb://constancia:PASSWORD@%s?tls=true&tlsCAFile=/run/secrets/event-store-ca.pem",
      join(",", [for host in local.event_store_hosts : "${host}:2113"]),
    )
    redis-url = one(digitalocean_database_cluster.redis[*].private_uri)
  }
}

output "postgres_administrator" {
  description = "Connection string of the administrator, for granting rights once."
  sensitive   = true
  value       = digitalocean_database_cluster.postgres.private_uri
}

output "kubernetes_cluster_id" {
  description = "For doctl kubernetes cluster kubeconfig save; null unless the cluster is enabled."
  value       = one(digitalocean_kubernetes_cluster.main[*].id)
}
