resource "digitalocean_certificate" "api" {
  name    = "${local.name}-api"
  type    = "lets_encrypt"
  domains = [local.api_host]

  lifecycle {
    create_before_destroy = true
  }

  # Let's Encrypt proves the name through this zone.
  depends_on = [digitalocean_domain.main]
}

resource "digitalocean_loadbalancer" "api" {
  name        = "${local.name}-api"
  region      = var.region
  vpc_uuid    = digitalocean_vpc.main.id
  size_unit   = var.load_balancer_nodes
  droplet_tag = digitalocean_tag.app.name

  redirect_http_to_https           = true
  disable_lets_encrypt_dns_records = true
  tls_cipher_policy                = "STRONG"
  # Longer than the service's longest wait (Prefer: wait=30) and than the heartbeat of a live stream.
  http_idle_timeout_seconds = 90

  forwarding_rule {
    entry_port       = 443
    entry_protocol   = "http2"
    target_port      = 8000
    target_protocol  = "http"
    certificate_name = digitalocean_certificate.api.name
  }

  # Readiness fails first when a process stops, so it is drained before it closes.
  healthcheck {
    protocol                 = "http"
    port                     = 8000
    path                     = "/readyz"
    check_interval_seconds   = 3
    response_timeout_seconds = 3
    unhealthy_threshold      = 2
    healthy_threshold        = 2
  }
}
