# What a droplet does at its first boot: the rendered files are YAML, and say what they must.
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
  environment          = "production"
  domain               = "example.com"
  image                = "ghcr.io/example/constancia:1.2.3"
  ssh_key_fingerprints = ["00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff"]
  admin_cidrs          = ["198.51.100.0/24"]
}

run "every_first_boot" {
  command = plan

  assert {
    condition = alltrue([
      for droplet in concat(digitalocean_droplet.app, digitalocean_droplet.event_store, digitalocean_droplet.monitoring) :
      startswith(droplet.user_data, "#cloud-config\n") && length(droplet.user_data) < 65536
    ])
    error_message = "Begins as cloud-init expects and fits DigitalOcean's limit of 64 KiB."
  }
  assert {
    condition = alltrue([
      for droplet in concat(digitalocean_droplet.app, digitalocean_droplet.event_store, digitalocean_droplet.monitoring) :
      length(setsubtract(["docker.io", "docker-compose-v2", "fail2ban", "prometheus-node-exporter", "ufw"], yamldecode(droplet.user_data).packages)) == 0
    ])
    error_message = "Docker, compose, fail2ban, UFW and the node exporter are on every droplet."
  }
  assert {
    condition = alltrue([
      for droplet in concat(digitalocean_droplet.app, digitalocean_droplet.event_store, digitalocean_droplet.monitoring) :
      contains(yamldecode(droplet.user_data).runcmd, ["ufw", "--force", "enable"])
      && contains(yamldecode(droplet.user_data).runcmd, ["ufw", "allow", "from", "198.51.100.0/24", "to", "any", "port", "22", "proto", "tcp"])
      && !strcontains(droplet.user_data, "0.0.0.0/0")
    ])
    error_message = "UFW is on and lets administrators in, nobody else."
  }
}

run "the_application" {
  command = plan

  assert {
    condition = strcontains(
      one([for file in yamldecode(digitalocean_droplet.app[0].user_data).write_files : file.content if file.path == "/etc/constancia/service.env"]),
      "ROLES=api,notifier,projector,verifier\n",
    )
    error_message = "Every role by default."
  }
  assert {
    condition = yamldecode(
      one([for file in yamldecode(digitalocean_droplet.app[0].user_data).write_files : file.content if file.path == "/opt/constancia/compose.yml"]),
    ).services.service.image == "$${IMAGE}"
    error_message = "The compose file is YAML and takes its image from the release."
  }
  assert {
    condition     = !can(regex("(?i)(password|secret|key)\\s*[=:]\\s*[A-Za-z0-9+/]{16,}", digitalocean_droplet.app[0].user_data))
    error_message = "Anyone on the droplet can read its user data, so it holds no secret."
  }
}

run "the_event_store" {
  command = plan

  assert {
    condition = alltrue([
      for i, droplet in digitalocean_droplet.event_store : strcontains(
        one([for file in yamldecode(droplet.user_data).write_files : file.content if file.path == "/etc/event-store/node.env"]),
        "KURRENTDB_NODE_HOST_ADVERTISE_AS=event-store-${i + 1}.production.internal.example.com\n",
      )
    ])
    error_message = "Each node goes by the name in its certificate."
  }
  assert {
    condition = strcontains(
      digitalocean_droplet.event_store[1].user_data,
      "KURRENTDB_GOSSIP_SEED=event-store-1.production.internal.example.com:2113,event-store-3.production.internal.example.com:2113\n",
    )
    error_message = "Each node looks for the other two."
  }
  assert {
    condition     = alltrue([for droplet in digitalocean_droplet.event_store : !strcontains(upper(droplet.user_data), "KURRENTDB_INSECURE")])
    error_message = "TLS is never switched off."
  }
}

run "one_node_looks_for_nobody" {
  command = plan

  variables {
    environment       = "staging"
    event_store_count = 1
  }

  assert {
    condition     = !strcontains(digitalocean_droplet.event_store[0].user_data, "GOSSIP_SEED")
    error_message = "A single node has no seeds."
  }
}
