# Every validation, and a value that it refuses.
mock_provider "digitalocean" {
  mock_resource "digitalocean_droplet" {
    defaults = { id = "1001" }
  }
}

variables {
  environment          = "production"
  domain               = "example.com"
  image                = "ghcr.io/example/constancia:1.2.3"
  ssh_key_fingerprints = ["00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff"]
}

run "refuses_a_name_with_capitals" {
  command = plan

  variables {
    project_name = "Constancia"
  }

  expect_failures = [var.project_name]
}

run "refuses_an_environment_of_ones_own" {
  command = plan

  variables {
    environment = "qa"
  }

  expect_failures = [var.environment]
}

run "refuses_a_region_that_is_no_slug" {
  command = plan

  variables {
    region = "New York"
  }

  expect_failures = [var.region]
}

run "refuses_a_domain_with_a_scheme" {
  command = plan

  variables {
    domain = "https://example.com"
  }

  expect_failures = [var.domain]
}

run "refuses_an_api_name_with_spaces" {
  command = plan

  variables {
    api_name = "the api"
  }

  expect_failures = [var.api_name]
}

run "refuses_no_ssh_key" {
  command = plan

  variables {
    ssh_key_fingerprints = []
  }

  expect_failures = [var.ssh_key_fingerprints]
}

run "refuses_an_ssh_key_that_is_no_fingerprint" {
  command = plan

  variables {
    ssh_key_fingerprints = ["ssh-ed25519 AAAA"]
  }

  expect_failures = [var.ssh_key_fingerprints]
}

run "refuses_the_whole_internet_as_administrators" {
  command = plan

  variables {
    admin_cidrs = ["0.0.0.0/0"]
  }

  expect_failures = [var.admin_cidrs]
}

run "refuses_an_administrator_without_a_mask" {
  command = plan

  variables {
    admin_cidrs = ["198.51.100.7"]
  }

  expect_failures = [var.admin_cidrs]
}

run "refuses_a_public_private_network" {
  command = plan

  variables {
    vpc_cidr = "8.8.8.0/24"
  }

  expect_failures = [var.vpc_cidr]
}

run "refuses_the_latest_image" {
  command = plan

  variables {
    image = "ghcr.io/example/constancia:latest"
  }

  expect_failures = [var.image]
}

run "refuses_an_image_without_a_tag" {
  command = plan

  variables {
    image = "ghcr.io/example/constancia"
  }

  expect_failures = [var.image]
}

run "refuses_no_application" {
  command = plan

  variables {
    app_count = 0
  }

  expect_failures = [var.app_count]
}

run "refuses_eleven_applications" {
  command = plan

  variables {
    app_count = 11
  }

  expect_failures = [var.app_count]
}

run "refuses_half_an_application" {
  command = plan

  variables {
    app_count = 2.5
  }

  expect_failures = [var.app_count]
}

run "refuses_a_production_of_one" {
  command = plan

  variables {
    app_count = 1
  }

  expect_failures = [var.app_count]
}

run "refuses_a_role_that_does_not_exist" {
  command = plan

  variables {
    app_roles = ["api", "worker"]
  }

  expect_failures = [var.app_roles]
}

run "refuses_droplets_without_the_api" {
  command = plan

  variables {
    app_roles = ["verifier"]
  }

  expect_failures = [var.app_roles]
}

run "refuses_two_event_store_nodes" {
  command = plan

  variables {
    event_store_count = 2
  }

  expect_failures = [var.event_store_count]
}

run "refuses_a_production_with_one_log" {
  command = plan

  variables {
    event_store_count = 1
  }

  expect_failures = [var.event_store_count]
}

run "refuses_a_tiny_volume" {
  command = plan

  variables {
    event_store_volume_gib = 5
  }

  expect_failures = [var.event_store_volume_gib]
}

run "refuses_an_old_postgres" {
  command = plan

  variables {
    postgres_version = "14"
  }

  expect_failures = [var.postgres_version]
}

run "refuses_a_production_without_standby" {
  command = plan

  variables {
    postgres_nodes = 1
  }

  expect_failures = [var.postgres_nodes]
}

run "refuses_four_postgres_nodes" {
  command = plan

  variables {
    postgres_nodes = 4
  }

  expect_failures = [var.postgres_nodes]
}

run "refuses_another_cache" {
  command = plan

  variables {
    redis_engine = "memcached"
  }

  expect_failures = [var.redis_engine]
}

run "refuses_valkey_seven" {
  command = plan

  variables {
    redis_version = "7"
  }

  expect_failures = [var.redis_version]
}

run "refuses_no_redis_node" {
  command = plan

  variables {
    redis_nodes = 0
  }

  expect_failures = [var.redis_nodes]
}

run "refuses_backups_for_a_day" {
  command = plan

  variables {
    backup_retention_days = 1
  }

  expect_failures = [var.backup_retention_days]
}

run "refuses_no_balancer" {
  command = plan

  variables {
    load_balancer_nodes = 0
  }

  expect_failures = [var.load_balancer_nodes]
}

run "refuses_an_unwatched_production" {
  command = plan

  variables {
    monitoring_enabled = false
  }

  expect_failures = [var.monitoring_enabled]
}

run "refuses_a_huge_monitoring_volume" {
  command = plan

  variables {
    monitoring_volume_gib = 4096
  }

  expect_failures = [var.monitoring_volume_gib]
}

run "refuses_a_kubernetes_version_that_is_no_slug" {
  command = plan

  variables {
    kubernetes_version = "latest"
  }

  expect_failures = [var.kubernetes_version]
}

run "refuses_one_kubernetes_worker" {
  command = plan

  variables {
    kubernetes_max_nodes = 1
  }

  expect_failures = [var.kubernetes_max_nodes]
}

run "refuses_a_standby_in_the_same_region" {
  command = plan

  variables {
    standby_region = "nyc3"
  }

  expect_failures = [var.standby_region]
}

run "refuses_a_standby_in_the_same_network" {
  command = plan

  variables {
    standby_vpc_cidr = "10.20.0.0/16"
  }

  expect_failures = [var.standby_vpc_cidr]
}
