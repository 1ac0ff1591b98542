resource "digitalocean_database_cluster" "postgres" {
  name                 = "${local.name}-postgres"
  engine               = "pg"
  version              = var.postgres_version
  size                 = var.postgres_size
  region               = var.region
  node_count           = var.postgres_nodes
  private_network_uuid = digitalocean_vpc.main.id
  tags                 = [local.name]

  # Four in the morning of Caracas, on the day with the fewest payments.
  maintenance_window {
    day  = "sunday"
    hour = "08:00"
  }
}

resource "digitalocean_database_db" "constancia" {
  cluster_id = digitalocean_database_cluster.postgres.id
  name       = "constancia"
}

# Not the administrator: the service owns its two schemas and nothing else.
resource "digitalocean_database_user" "constancia" {
  cluster_id = digitalocean_database_cluster.postgres.id
  name       = "constancia"
}

resource "digitalocean_database_firewall" "postgres" {
  cluster_id = digitalocean_database_cluster.postgres.id

  rule {
    type  = "tag"
    value = digitalocean_tag.app.name
  }

  dynamic "rule" {
    for_each = var.kubernetes_enabled ? [digitalocean_kubernetes_cluster.main[0].id] : []

    content {
      type  = "k8s"
      value = rule.value
    }
  }
}

data "digitalocean_database_ca" "postgres" {
  cluster_id = digitalocean_database_cluster.postgres.id
}

resource "digitalocean_database_cluster" "redis" {
  count = var.redis_enabled ? 1 : 0

  name                 = "${local.name}-redis"
  engine               = var.redis_engine
  version              = var.redis_version
  size                 = var.redis_size
  region               = var.region
  node_count           = var.redis_nodes
  private_network_uuid = digitalocean_vpc.main.id
  # Counters of requests expire; when memory runs out the oldest go first, and nothing that must be kept is here.
  eviction_policy = "volatile_lru"
  tags            = [local.name]

  maintenance_window {
    day  = "sunday"
    hour = "08:00"
  }
}

resource "digitalocean_database_firewall" "redis" {
  count = var.redis_enabled ? 1 : 0

  cluster_id = digitalocean_database_cluster.redis[0].id

  rule {
    type  = "tag"
    value = digitalocean_tag.app.name
  }
}
