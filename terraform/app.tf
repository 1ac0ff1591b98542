resource "digitalocean_droplet" "app" {
  count = var.app_count

  name       = "${local.name}-app-${count.index + 1}"
  image      = var.droplet_image
  size       = var.app_size
  region     = var.region
  vpc_uuid   = digitalocean_vpc.main.id
  ssh_keys   = var.ssh_key_fingerprints
  tags       = [digitalocean_tag.app.name]
  monitoring = true

  user_data = templatefile("${path.module}/cloud-init.yml", {
    private_address = filebase64("${path.module}/files/private-address.sh")
    release         = filebase64("${path.module}/files/constancia-release.sh")
    image           = var.image
    public_url      = "https://${local.api_host}"
    roles           = join(",", sort(var.app_roles))
    vpc_cidr        = var.vpc_cidr
    admin_cidrs     = var.admin_cidrs
  })

  lifecycle {
    # A release changes the image by constancia-release, not by replacing droplets. Where the first boot changed,
    # replace one at a time: terraform apply -replace='digitalocean_droplet.app[0]'.
    ignore_changes = [user_data]
  }
}
