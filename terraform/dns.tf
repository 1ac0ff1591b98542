resource "digitalocean_domain" "main" {
  count = var.create_domain ? 1 : 0

  name = var.domain
}

locals {
  zone = var.create_domain ? digitalocean_domain.main[0].name : var.domain
}

resource "digitalocean_record" "api" {
  domain = local.zone
  type   = "A"
  name   = var.api_name
  value  = digitalocean_loadbalancer.api.ip
  ttl    = 300
}

# Only Let's Encrypt may issue certificates for the API's name.
resource "digitalocean_record" "certificate_authority" {
  domain = local.zone
  type   = "CAA"
  name   = var.api_name
  flags  = 0
  tag    = "issue"
  value  = "letsencrypt.org."
  ttl    = 3600
}

# Private addresses under public names: of no use outside the VPC, and what the certificates of the nodes are issued for.
resource "digitalocean_record" "event_store" {
  count = var.event_store_count

  domain = local.zone
  type   = "A"
  name   = trimsuffix(local.event_store_hosts[count.index], ".${var.domain}")
  value  = digitalocean_droplet.event_store[count.index].ipv4_address_private
  ttl    = 60
}

resource "digitalocean_record" "monitoring" {
  count = var.monitoring_enabled ? 1 : 0

  domain = local.zone
  type   = "A"
  name   = "monitoring.${var.environment}"
  value  = digitalocean_droplet.monitoring[0].ipv4_address
  ttl    = 300
}
