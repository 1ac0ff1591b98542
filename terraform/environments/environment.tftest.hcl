# Run once per environment, with -var-file: its file passes every validation and makes what the cost table counts.
mock_provider "digitalocean" {
  override_during = plan

  mock_resource "digitalocean_droplet" {
    defaults = { id = "1001" }
  }
  mock_resource "digitalocean_database_cluster" {
    defaults = { port = 25060 }
  }
}

variables {
  domain               = "example.com"
  image                = "ghcr.io/example/constancia:1.2.3"
  ssh_key_fingerprints = ["00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff"]
}

run "what_the_file_describes" {
  command = plan

  assert {
    condition     = length(digitalocean_droplet.app) == var.app_count && alltrue([for droplet in digitalocean_droplet.app : droplet.size == var.app_size])
    error_message = "As many droplets as are paid for."
  }
  assert {
    condition     = length(digitalocean_droplet.event_store) == var.event_store_count && sum([for volume in digitalocean_volume.event_store : volume.size]) == var.event_store_count * var.event_store_volume_gib
    error_message = "As many nodes, and as much disk, as are paid for."
  }
  assert {
    condition     = digitalocean_database_cluster.postgres.node_count == var.postgres_nodes && digitalocean_loadbalancer.api.size_unit == var.load_balancer_nodes
    error_message = "As many nodes of PostgreSQL and of the balancer as are paid for."
  }
  assert {
    condition     = length(digitalocean_droplet.monitoring) == (var.monitoring_enabled ? 1 : 0) && length(digitalocean_database_cluster.redis) == (var.redis_enabled ? 1 : 0)
    error_message = "What is switched off costs nothing."
  }
}
