resource "digitalocean_volume" "event_store" {
  count = var.event_store_count

  name                    = "${local.name}-event-store-${count.index + 1}"
  region                  = var.region
  size                    = var.event_store_volume_gib
  initial_filesystem_type = "ext4"
  description             = "The log of node ${count.index + 1}: the truth. Outlives its droplet."

  lifecycle {
    prevent_destroy = true
  }
}

resource "digitalocean_droplet" "event_store" {
  count = var.event_store_count

  name       = "${local.name}-event-store-${count.index + 1}"
  image      = var.droplet_image
  size       = var.event_store_size
  region     = var.region
  vpc_uuid   = digitalocean_vpc.main.id
  ssh_keys   = var.ssh_key_fingerprints
  tags       = [digitalocean_tag.event_store.name]
  volume_ids = [digitalocean_volume.event_store[count.index].id]
  monitoring = true
  backups    = var.droplet_backups

  dynamic "backup_policy" {
    for_each = var.droplet_backups ? ["daily"] : []

    content {
      plan = backup_policy.value
      # Before the managed databases' maintenance window; DigitalOcean takes 0, 4, 8, 12, 16 or 20.
      hour = 4
    }
  }

  user_data = templatefile("${path.module}/event-store-init.yml", {
    private_address = filebase64("${path.module}/files/private-address.sh")
    mount_volume    = filebase64("${path.module}/files/mount-volume.sh")
    volume          = digitalocean_volume.event_store[count.index].name
    image           = var.event_store_image
    host            = local.event_store_hosts[count.index]
    seeds           = join(",", [for host in local.event_store_hosts : "${host}:2113" if host != local.event_store_hosts[count.index]])
    cluster_size    = var.event_store_count
    vpc_cidr        = var.vpc_cidr
    admin_cidrs     = var.admin_cidrs
  })

  lifecycle {
    # Never all three at once; see "Replacing a node" in the README.
    ignore_changes = [user_data]
  }
}
