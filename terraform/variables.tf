variable "project_name" {
  description = "Prefix of every name; also the name of the DigitalOcean project."
  type        = string
  default     = "constancia"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,20}[a-z0-9]$", var.project_name))
    error_message = "Use 3 to 22 lower-case letters, digits and dashes, beginning with a letter."
  }
}

variable "environment" {
  description = "Which of the three environments this is; part of every name."
  type        = string

  validation {
    condition     = contains(["development", "staging", "production"], var.environment)
    error_message = "Use development, staging or production."
  }
}

variable "region" {
  description = "Where everything runs. Spaces and volumes must exist there."
  type        = string
  default     = "nyc3"

  validation {
    condition     = can(regex("^[a-z]{3}[0-9]$", var.region))
    error_message = "Use the slug of a region, such as nyc3."
  }
}

variable "domain" {
  description = "Domain whose name servers are DigitalOcean's; the API answers at <api_name>.<domain>."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", var.domain))
    error_message = "Use a bare lower-case domain, such as example.com."
  }
}

variable "create_domain" {
  description = "Whether this configuration owns the DNS zone; false where another environment of the same domain does."
  type        = bool
  default     = true
}

variable "api_name" {
  description = "Label of the API before the domain, such as api or api.staging."
  type        = string
  default     = "api"

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$", var.api_name))
    error_message = "Use lower-case letters, digits, dashes and dots."
  }
}

variable "ssh_key_fingerprints" {
  description = "Fingerprints of the SSH keys that may log in; at least one, since passwords are never accepted."
  type        = list(string)

  validation {
    condition = length(var.ssh_key_fingerprints) > 0 && alltrue([
      for key in var.ssh_key_fingerprints : can(regex("^([0-9a-f]{2}:){15}[0-9a-f]{2}$", key))
    ])
    error_message = "Give at least one MD5 fingerprint, sixteen pairs of hexadecimal digits divided by colons."
  }
}

variable "admin_cidrs" {
  description = "Networks that may reach SSH, Grafana and Prometheus. Empty, the default, closes all three."
  type        = list(string)
  default     = []

  validation {
    condition = alltrue([
      for cidr in var.admin_cidrs : can(cidrhost(cidr, 0)) && !endswith(cidr, "/0")
    ])
    error_message = "Use CIDR notation, and never the whole internet (/0)."
  }
}

variable "vpc_cidr" {
  description = "Addresses of the private network."
  type        = string
  default     = "10.20.0.0/16"

  validation {
    condition     = can(cidrhost(var.vpc_cidr, 0)) && can(regex("^10\\.|^172\\.(1[6-9]|2[0-9]|3[01])\\.|^192\\.168\\.", var.vpc_cidr))
    error_message = "Use a private IPv4 network in CIDR notation."
  }
}

variable "image" {
  description = "Container image of the service, with a tag or a digest."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9._/-]+(:[A-Za-z0-9_.-]+|@sha256:[0-9a-f]{64})$", var.image)) && !endswith(var.image, ":latest")
    error_message = "Name the image with a tag or a digest; latest cannot be rolled back to."
  }
}

variable "app_count" {
  description = "Droplets that run the service."
  type        = number
  default     = 3

  validation {
    condition     = var.app_count >= 1 && var.app_count <= 10 && floor(var.app_count) == var.app_count
    error_message = "Use 1 to 10 droplets."
  }

  validation {
    condition     = var.environment != "production" || var.app_count >= 2
    error_message = "Production needs at least two, or a release is an outage."
  }
}

variable "app_size" {
  description = "Size of an application droplet."
  type        = string
  default     = "s-2vcpu-2gb"
}

variable "app_roles" {
  description = "Roles that every application droplet takes."
  type        = set(string)
  default     = ["api", "projector", "verifier", "notifier"]

  validation {
    condition     = length(var.app_roles) > 0 && length(setsubtract(var.app_roles, ["api", "projector", "verifier", "notifier"])) == 0
    error_message = "Use roles of the service: api, projector, verifier, notifier."
  }

  validation {
    condition     = contains(var.app_roles, "api")
    error_message = "The droplets stand behind the balancer, so they need the role api."
  }
}

variable "droplet_image" {
  description = "Operating system of every droplet; the cloud-init files expect Ubuntu's package names."
  type        = string
  default     = "ubuntu-24-04-x64"
}

variable "droplet_backups" {
  description = "Daily images of the event store's and the monitoring's droplets, which DigitalOcean keeps for 7 days."
  type        = bool
  default     = true
}
