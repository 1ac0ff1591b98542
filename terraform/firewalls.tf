# What no rule names is dropped: every droplet's public address answers nothing but, where asked for, SSH from admin_cidrs.
locals {
  internet = ["0.0.0.0/0", "::/0"]

  # Package mirrors, the container registry, the bank and webhooks lie outside; so do names and time.
  outbound_to_internet = {
    https = { protocol = "tcp", ports = "443" }
    http  = { protocol = "tcp", ports = "80" }
    dns   = { protocol = "udp", ports = "53" }
    dns_t = { protocol = "tcp", ports = "53" }
    ntp   = { protocol = "udp", ports = "123" }
  }

  ssh_from_admins = length(var.admin_cidrs) > 0 ? { ssh = var.admin_cidrs } : {}
}

resource "digitalocean_firewall" "app" {
  name = "${local.name}-app"
  tags = [digitalocean_tag.app.name]

  inbound_rule {
    protocol                  = "tcp"
    port_range                = "8000"
    source_load_balancer_uids = [digitalocean_loadbalancer.api.id]
  }

  inbound_rule {
    protocol    = "tcp"
    port_range  = "8000"
    source_tags = [digitalocean_tag.monitoring.name]
  }

  inbound_rule {
    protocol    = "tcp"
    port_range  = "9100"
    source_tags = [digitalocean_tag.monitoring.name]
  }

  dynamic "inbound_rule" {
    for_each = local.ssh_from_admins

    content {
      protocol         = "tcp"
      port_range       = "22"
      source_addresses = inbound_rule.value
    }
  }

  outbound_rule {
    protocol              = "tcp"
    port_range            = "1-65535"
    destination_addresses = [var.vpc_cidr]
  }

  # The bank, the merchants' webhook addresses and the registry have no fixed addresses.
  #trivy:ignore:AVD-DIG-0003
  dynamic "outbound_rule" {
    for_each = local.outbound_to_internet

    content {
      protocol              = outbound_rule.value.protocol
      port_range            = outbound_rule.value.ports
      destination_addresses = local.internet
    }
  }
}

resource "digitalocean_firewall" "event_store" {
  name = "${local.name}-event-store"
  tags = [digitalocean_tag.event_store.name]

  # Clients, gossip between the nodes, and the metrics page: all TLS on one port.
  inbound_rule {
    protocol   = "tcp"
    port_range = "2113"
    source_tags = [
      digitalocean_tag.app.name,
      digitalocean_tag.event_store.name,
      digitalocean_tag.monitoring.name,
    ]
  }

  # Replication.
  inbound_rule {
    protocol    = "tcp"
    port_range  = "1112"
    source_tags = [digitalocean_tag.event_store.name]
  }

  inbound_rule {
    protocol    = "tcp"
    port_range  = "9100"
    source_tags = [digitalocean_tag.monitoring.name]
  }

  dynamic "inbound_rule" {
    for_each = local.ssh_from_admins

    content {
      protocol         = "tcp"
      port_range       = "22"
      source_addresses = inbound_rule.value
    }
  }

  outbound_rule {
    protocol              = "tcp"
    port_range            = "1-65535"
    destination_addresses = [var.vpc_cidr]
  }

  # Package mirrors and the container registry have no fixed addresses.
  #trivy:ignore:AVD-DIG-0003
  dynamic "outbound_rule" {
    for_each = local.outbound_to_internet

    content {
      protocol              = outbound_rule.value.protocol
      port_range            = outbound_rule.value.ports
      destination_addresses = local.internet
    }
  }
}

resource "digitalocean_firewall" "monitoring" {
  count = var.monitoring_enabled ? 1 : 0

  name = "${local.name}-monitoring"
  tags = [digitalocean_tag.monitoring.name]

  # SSH, Grafana and Prometheus, for administrators only.
  dynamic "inbound_rule" {
    for_each = length(var.admin_cidrs) > 0 ? ["22", "3000", "9090"] : []

    content {
      protocol         = "tcp"
      port_range       = inbound_rule.value
      source_addresses = var.admin_cidrs
    }
  }

  outbound_rule {
    protocol              = "tcp"
    port_range            = "1-65535"
    destination_addresses = [var.vpc_cidr]
  }

  # Where alerts are sent, package mirrors and the registry have no fixed addresses.
  #trivy:ignore:AVD-DIG-0003
  dynamic "outbound_rule" {
    for_each = local.outbound_to_internet

    content {
      protocol              = outbound_rule.value.protocol
      port_range            = outbound_rule.value.ports
      destination_addresses = local.internet
    }
  }
}
