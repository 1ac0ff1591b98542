locals {
  name = "${var.project_name}-${var.environment}"

  api_host      = "${var.api_name}.${var.domain}"
  internal_zone = "${var.environment}.internal.${var.domain}"

  # Names, not addresses: known before a droplet exists, so certificates and configuration can be written first,
  # and the same after a droplet is replaced.
  event_store_hosts = [for i in range(var.event_store_count) : "event-store-${i + 1}.${local.internal_zone}"]
}

resource "digitalocean_vpc" "main" {
  name        = local.name
  region      = var.region
  ip_range    = var.vpc_cidr
  description = "Everything of ${local.name}; only the balancer faces the internet."
}

# Firewalls and the balancer find droplets by tag, so a new droplet is protected before it has booted.
resource "digitalocean_tag" "app" {
  name = "${local.name}-app"
}

resource "digitalocean_tag" "event_store" {
  name = "${local.name}-event-store"
}

resource "digitalocean_tag" "monitoring" {
  name = "${local.name}-monitoring"
}
