variable "event_store_count" {
  description = "Nodes of the event store: 3 survive the loss of one; 1 is for development."
  type        = number
  default     = 3

  validation {
    condition     = contains([1, 3], var.event_store_count)
    error_message = "Use 1 or 3: an even number has no majority."
  }

  validation {
    condition     = var.environment != "production" || var.event_store_count == 3
    error_message = "The log is the truth; production keeps three copies of it."
  }
}

variable "event_store_size" {
  description = "Size of an event-store droplet."
  type        = string
  default     = "s-2vcpu-4gb"
}

variable "event_store_volume_gib" {
  description = "Size of each node's volume. It can grow, never shrink."
  type        = number
  default     = 50

  validation {
    condition     = var.event_store_volume_gib >= 10 && var.event_store_volume_gib <= 16384
    error_message = "Use 10 to 16384 GiB."
  }
}

variable "event_store_image" {
  description = "Container image of the event store; 26.0 is its long-term release. Pin the digest you tested."
  type        = string
  default     = "docker.kurrent.io/kurrent-lts/kurrentdb:26.0.3"
}

variable "postgres_version" {
  description = "Major version of PostgreSQL."
  type        = string
  default     = "15"

  validation {
    condition     = contains(["15", "16", "17", "18"], var.postgres_version)
    error_message = "Use 15, 16, 17 or 18."
  }
}

variable "postgres_size" {
  description = "Size of a PostgreSQL node."
  type        = string
  default     = "db-s-1vcpu-2gb"
}

variable "postgres_nodes" {
  description = "Nodes of PostgreSQL: 2 add a standby that takes over, 3 add another."
  type        = number
  default     = 2

  validation {
    condition     = contains([1, 2, 3], var.postgres_nodes)
    error_message = "Use 1 to 3 nodes."
  }

  validation {
    condition     = var.environment != "production" || var.postgres_nodes >= 2
    error_message = "Production needs a standby."
  }
}

variable "redis_enabled" {
  description = "Whether a Redis cluster shares throttling and cache between instances. The service works without."
  type        = bool
  default     = false
}

variable "redis_engine" {
  description = "DigitalOcean sells Valkey, which speaks Redis's protocol, since Redis itself was withdrawn in June 2025."
  type        = string
  default     = "valkey"

  validation {
    condition     = contains(["valkey", "redis"], var.redis_engine)
    error_message = "Use valkey, or redis for a cluster that already exists."
  }
}

variable "redis_version" {
  description = "Major version: 8 of Valkey, 7 of Redis."
  type        = string
  default     = "8"

  validation {
    condition     = var.redis_version == (var.redis_engine == "redis" ? "7" : "8")
    error_message = "Use 8 with valkey, 7 with redis."
  }
}

variable "redis_size" {
  description = "Size of a Redis node."
  type        = string
  default     = "db-s-1vcpu-1gb"
}

variable "redis_nodes" {
  description = "Nodes of Redis."
  type        = number
  default     = 1

  validation {
    condition     = contains([1, 2, 3], var.redis_nodes)
    error_message = "Use 1 to 3 nodes."
  }
}

variable "backup_retention_days" {
  description = "Days that our own backups in Spaces can be restored; DigitalOcean keeps its images of databases and droplets for 7."
  type        = number
  default     = 30

  validation {
    condition     = var.backup_retention_days >= 7 && var.backup_retention_days <= 365
    error_message = "Use 7 to 365 days."
  }
}
