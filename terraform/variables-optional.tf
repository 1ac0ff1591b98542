variable "load_balancer_nodes" {
  description = "Nodes of the balancer; two or more survive the loss of one."
  type        = number
  default     = 2

  validation {
    condition     = var.load_balancer_nodes >= 1 && var.load_balancer_nodes <= 10
    error_message = "Use 1 to 10 nodes."
  }
}

variable "monitoring_enabled" {
  description = "Whether a droplet runs Prometheus, Alertmanager and Grafana."
  type        = bool
  default     = true

  validation {
    condition     = var.monitoring_enabled || var.environment != "production"
    error_message = "Production is watched."
  }
}

variable "monitoring_size" {
  description = "Size of the monitoring droplet."
  type        = string
  default     = "s-2vcpu-2gb"
}

variable "monitoring_volume_gib" {
  description = "Size of the volume that keeps the series and Grafana's database."
  type        = number
  default     = 20

  validation {
    condition     = var.monitoring_volume_gib >= 10 && var.monitoring_volume_gib <= 1024
    error_message = "Use 10 to 1024 GiB."
  }
}

variable "kubernetes_enabled" {
  description = "Whether a Kubernetes cluster is made beside the droplets, for a team that prefers to deploy there."
  type        = bool
  default     = false
}

variable "kubernetes_version" {
  description = "Version slug, as doctl kubernetes options versions lists it."
  type        = string
  default     = "1.34.1-do.0"

  validation {
    condition     = can(regex("^1\\.[0-9]+\\.[0-9]+-do\\.[0-9]+$", var.kubernetes_version))
    error_message = "Use a version slug, such as 1.34.1-do.0."
  }
}

variable "kubernetes_node_size" {
  description = "Size of a Kubernetes worker."
  type        = string
  default     = "s-2vcpu-4gb"
}

variable "kubernetes_max_nodes" {
  description = "Most workers that the autoscaler may add; it begins with two."
  type        = number
  default     = 4

  validation {
    condition     = var.kubernetes_max_nodes >= 2 && var.kubernetes_max_nodes <= 10
    error_message = "Use 2 to 10 nodes."
  }
}

variable "standby_region" {
  description = "A second region that holds a read replica of PostgreSQL and a bucket; null leaves it out."
  type        = string
  default     = null

  validation {
    condition     = var.standby_region == null ? true : can(regex("^[a-z]{3}[0-9]$", var.standby_region)) && var.standby_region != var.region
    error_message = "Use the slug of another region."
  }
}

variable "standby_vpc_cidr" {
  description = "Addresses of the private network in the second region."
  type        = string
  default     = "10.21.0.0/16"

  validation {
    condition     = can(cidrhost(var.standby_vpc_cidr, 0)) && var.standby_vpc_cidr != var.vpc_cidr
    error_message = "Use a CIDR other than the first region's."
  }
}
