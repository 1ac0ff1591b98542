# Off by default: the droplets above are the way this product is run.
resource "digitalocean_kubernetes_cluster" "main" {
  count = var.kubernetes_enabled ? 1 : 0

  name                 = local.name
  region               = var.region
  version              = var.kubernetes_version
  vpc_uuid             = digitalocean_vpc.main.id
  ha                   = var.environment == "production"
  auto_upgrade         = true
  surge_upgrade        = true
  registry_integration = false
  tags                 = [local.name]

  maintenance_policy {
    day        = "sunday"
    start_time = "08:00"
  }

  # The API server answers administrators only; with none named, nobody.
  control_plane_firewall {
    enabled           = true
    allowed_addresses = var.admin_cidrs
  }

  node_pool {
    name       = "${local.name}-workers"
    size       = var.kubernetes_node_size
    auto_scale = true
    min_nodes  = 2
    max_nodes  = var.kubernetes_max_nodes
    tags       = ["${local.name}-kubernetes"]
  }
}
