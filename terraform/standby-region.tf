# Off by default. A copy to read and restore from elsewhere, not an automatic failover: the log decides, and it is restored
# from the bucket (disaster recovery plan).
resource "digitalocean_vpc" "standby" {
  count = var.standby_region == null ? 0 : 1

  name     = "${local.name}-standby"
  region   = var.standby_region
  ip_range = var.standby_vpc_cidr
}

resource "digitalocean_database_replica" "standby" {
  count = var.standby_region == null ? 0 : 1

  cluster_id           = digitalocean_database_cluster.postgres.id
  name                 = "${local.name}-standby"
  region               = var.standby_region
  size                 = var.postgres_size
  private_network_uuid = digitalocean_vpc.standby[0].id
}

resource "digitalocean_spaces_bucket" "standby" {
  count = var.standby_region == null ? 0 : 1

  name   = "${local.name}-standby-backups"
  region = var.standby_region
  acl    = "private"

  versioning {
    enabled = true
  }

  lifecycle_rule {
    id      = "expire-backups"
    enabled = true

    expiration {
      days = var.backup_retention_days + 7
    }

    noncurrent_version_expiration {
      days = 7
    }
  }
}
