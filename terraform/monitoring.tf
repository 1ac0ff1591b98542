resource "digitalocean_volume" "monitoring" {
  count = var.monitoring_enabled ? 1 : 0

  name                    = "${local.name}-monitoring"
  region                  = var.region
  size                    = var.monitoring_volume_gib
  initial_filesystem_type = "ext4"
  description             = "Prometheus' series and Grafana's database."
}

resource "digitalocean_droplet" "monitoring" {
  count = var.monitoring_enabled ? 1 : 0

  name       = "${local.name}-monitoring"
  image      = var.droplet_image
  size       = var.monitoring_size
  region     = var.region
  vpc_uuid   = digitalocean_vpc.main.id
  ssh_keys   = var.ssh_key_fingerprints
  tags       = [digitalocean_tag.monitoring.name]
  volume_ids = [digitalocean_volume.monitoring[0].id]
  monitoring = true
  backups    = var.droplet_backups

  dynamic "backup_policy" {
    for_each = var.droplet_backups ? ["daily"] : []

    content {
      plan = backup_policy.value
      hour = 4
    }
  }

  user_data = templatefile("${path.module}/monitoring-init.yml", {
    private_address = filebase64("${path.module}/files/private-address.sh")
    mount_volume    = filebase64("${path.module}/files/mount-volume.sh")
    volume          = digitalocean_volume.monitoring[0].name
    vpc_cidr        = var.vpc_cidr
    admin_cidrs     = var.admin_cidrs
  })

  lifecycle {
    ignore_changes = [user_data]
  }
}
