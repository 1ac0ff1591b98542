# Nothing is applied: values that DigitalOcean would make up are mocked while planning, so that the protected volumes and
# bucket need no way to be destroyed.
mock_provider "digitalocean" {
  override_during = plan

  mock_resource "digitalocean_vpc" {
    defaults = { id = "vpc-1" }
  }
  mock_resource "digitalocean_tag" {
    defaults = { id = "tag-1" }
  }
  mock_resource "digitalocean_droplet" {
    defaults = {
      id                   = "1001"
      ipv4_address         = "203.0.113.10"
      ipv4_address_private = "10.20.0.10"
      urn                  = "do:droplet:1001"
    }
  }
  mock_resource "digitalocean_loadbalancer" {
    defaults = { id = "lb-1", ip = "203.0.113.1", urn = "do:loadbalancer:lb-1" }
  }
  mock_resource "digitalocean_database_cluster" {
    defaults = {
      id           = "db-1"
      private_host = "private-db-1.example"
      private_uri  = "redis://private-db-1.example"
      port         = 25060
      urn          = "do:dbaas:db-1"
    }
  }
  mock_resource "digitalocean_database_user" {
    defaults = { password = "made/up:password" }
  }
  mock_resource "digitalocean_volume" {
    defaults = { id = "volume-1", urn = "do:volume:volume-1" }
  }
  mock_resource "digitalocean_spaces_bucket" {
    defaults = { urn = "do:space:bucket" }
  }
  mock_resource "digitalocean_kubernetes_cluster" {
    defaults = { id = "k8s-1", urn = "do:kubernetes:k8s-1" }
  }
  mock_resource "digitalocean_domain" {
    defaults = { urn = "do:domain:example.com" }
  }
}

variables {
  environment          = "production"
  domain               = "example.com"
  image                = "ghcr.io/example/constancia:1.2.3"
  ssh_key_fingerprints = ["00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff"]
}

run "production_by_default" {
  command = plan

  assert {
    condition     = digitalocean_vpc.main.ip_range == "10.20.0.0/16"
    error_message = "The private network is 10.20.0.0/16."
  }
  assert {
    condition     = length(digitalocean_droplet.app) == 3
    error_message = "Production has three application droplets."
  }
  assert {
    condition     = length(digitalocean_droplet.event_store) == 3 && length(digitalocean_volume.event_store) == 3
    error_message = "Three nodes, each with a volume of its own."
  }
  assert {
    condition     = digitalocean_database_cluster.postgres.version == "15" && digitalocean_database_cluster.postgres.node_count == 2
    error_message = "PostgreSQL 15 with a standby."
  }
  assert {
    condition     = length(digitalocean_database_cluster.redis) == 0 && length(digitalocean_kubernetes_cluster.main) == 0 && length(digitalocean_vpc.standby) == 0
    error_message = "Redis, Kubernetes and the second region are off until asked for."
  }
  assert {
    condition     = length(digitalocean_droplet.monitoring) == 1
    error_message = "Production is watched."
  }
  assert {
    condition     = digitalocean_project.main.environment == "Production"
    error_message = "DigitalOcean spells the environment with a capital."
  }
  assert {
    condition     = length(digitalocean_project.main.resources) > 0
    error_message = "The project lists what belongs to it."
  }
}

run "the_balancer_speaks_tls_only" {
  command = plan

  assert {
    condition     = alltrue([for rule in digitalocean_loadbalancer.api.forwarding_rule : rule.entry_port == 443 && rule.entry_protocol == "http2"])
    error_message = "No rule but HTTPS."
  }
  assert {
    condition     = digitalocean_loadbalancer.api.redirect_http_to_https
    error_message = "Port 80 only redirects."
  }
  assert {
    condition     = digitalocean_loadbalancer.api.healthcheck[0].path == "/readyz"
    error_message = "Readiness fails first when an instance stops."
  }
  assert {
    condition     = digitalocean_certificate.api.domains == toset(["api.example.com"])
    error_message = "The certificate is for the API's name."
  }
  assert {
    condition     = digitalocean_record.api.value == "203.0.113.1"
    error_message = "The API's name leads to the balancer."
  }
}

run "firewalls_are_closed_by_default" {
  command = plan

  assert {
    condition = alltrue(flatten([
      [for rule in digitalocean_firewall.app.inbound_rule : rule.port_range != "22"],
      [for rule in digitalocean_firewall.event_store.inbound_rule : rule.port_range != "22"],
    ]))
    error_message = "Nobody reaches SSH unless admin_cidrs names them."
  }
  assert {
    condition     = length(digitalocean_firewall.monitoring[0].inbound_rule) == 0
    error_message = "Grafana and Prometheus answer nobody unless admin_cidrs names them."
  }
  assert {
    condition = jsonencode(sort([
      for rule in digitalocean_firewall.event_store.inbound_rule : "${rule.port_range} from ${join(", ", sort(rule.source_tags))}"
      ])) == jsonencode([
      "1112 from constancia-production-event-store",
      "2113 from constancia-production-app, constancia-production-event-store, constancia-production-monitoring",
      "9100 from constancia-production-monitoring",
    ])
    error_message = "The event store answers its own nodes, the service and the monitoring."
  }
  assert {
    condition     = join(" ", [for rule in digitalocean_database_firewall.postgres.rule : "${rule.type}:${rule.value}"]) == "tag:constancia-production-app"
    error_message = "PostgreSQL answers the service alone."
  }
}

run "administrators_reach_what_they_need" {
  command = plan

  variables {
    admin_cidrs = ["198.51.100.0/24"]
  }

  assert {
    condition     = join(" ", sort([for rule in digitalocean_firewall.monitoring[0].inbound_rule : rule.port_range])) == "22 3000 9090"
    error_message = "SSH, Grafana, Prometheus."
  }
  assert {
    condition     = alltrue([for rule in digitalocean_firewall.app.inbound_rule : rule.source_addresses == toset(["198.51.100.0/24"]) if rule.port_range == "22"])
    error_message = "Only from the network named."
  }
}

run "everything_optional_at_once" {
  command = plan

  variables {
    redis_enabled      = true
    kubernetes_enabled = true
    standby_region     = "ams3"
    app_count          = 10
  }

  assert {
    condition     = digitalocean_database_cluster.redis[0].engine == "valkey" && digitalocean_database_cluster.redis[0].version == "8"
    error_message = "Valkey 8 stands for Redis 7."
  }
  assert {
    condition     = length(digitalocean_droplet.app) == 10
    error_message = "Ten droplets."
  }
  assert {
    condition     = digitalocean_kubernetes_cluster.main[0].control_plane_firewall[0].enabled
    error_message = "The cluster's API server is closed too."
  }
  assert {
    condition     = digitalocean_vpc.standby[0].ip_range == "10.21.0.0/16" && digitalocean_database_replica.standby[0].region == "ams3"
    error_message = "The second region holds a replica in a network of its own."
  }
  assert {
    condition     = output.app_secrets["redis-url"] == "redis://private-db-1.example"
    error_message = "The address of Redis is handed over."
  }
}

run "redis_seven_where_it_still_exists" {
  command = plan

  variables {
    redis_enabled = true
    redis_engine  = "redis"
    redis_version = "7"
  }

  assert {
    condition     = digitalocean_database_cluster.redis[0].engine == "redis"
    error_message = "An existing Redis cluster can be described."
  }
}

run "backups_outlast_what_may_be_asked_for" {
  command = plan

  assert {
    condition     = digitalocean_spaces_bucket.backups.acl == "private" && digitalocean_spaces_bucket.backups.versioning[0].enabled
    error_message = "Private, with versions."
  }
  assert {
    condition     = digitalocean_spaces_bucket.backups.lifecycle_rule[0].expiration[0].days == 37
    error_message = "Thirty days and a week of grace."
  }
  assert {
    condition     = alltrue([for droplet in digitalocean_droplet.event_store : droplet.backups && droplet.backup_policy[0].plan == "daily"])
    error_message = "The droplets of the log are imaged daily."
  }
}

run "a_small_development" {
  command = plan

  variables {
    environment         = "development"
    app_count           = 1
    event_store_count   = 1
    postgres_nodes      = 1
    load_balancer_nodes = 1
    monitoring_enabled  = false
    droplet_backups     = false
    create_domain       = false
  }

  assert {
    condition     = length(digitalocean_domain.main) == 0 && digitalocean_record.api.domain == "example.com"
    error_message = "A zone owned elsewhere is only written to."
  }
  assert {
    condition     = output.monitoring_address == null && length(digitalocean_firewall.monitoring) == 0
    error_message = "Without monitoring nothing of it is made."
  }
}

run "addresses_are_handed_over" {
  command = plan

  assert {
    condition     = output.api_url == "https://api.example.com"
    error_message = "The address of the API."
  }
  assert {
    condition     = output.app_secrets["database-url"] == "postgresql://constancia:made%2Fup%3Apassword@private-db-1.example:25060/constancia?sslmode=verify-full&sslrootcert=/run/secrets/database-ca.pem"
    error_message = "The password is escaped and the server's certificate checked."
  }
  assert {
    condition     = startswith(output.app_secrets["eventstore-url"], "esdb://constancia:PASSWORD@event-store-1.production.internal.example.com:2113,event-store-2.production.internal.example.com:2113,event-store-3")
    error_message = "All three nodes are named."
  }
  assert {
    condition     = length(output.prometheus_targets.node[0].targets) == 7 && length(output.prometheus_targets.constancia[0].targets) == 3
    error_message = "Every droplet is watched."
  }
}
