terraform {
  # 1.9 lets a validation look at another variable.
  required_version = ">= 1.9"

  required_providers {
    digitalocean = {
      source = "digitalocean/digitalocean"
      # The schema that the checks of this folder know; raise both together.
      version = "~> 2.71"
    }
  }
}

# Reads DIGITALOCEAN_TOKEN, SPACES_ACCESS_KEY_ID and SPACES_SECRET_ACCESS_KEY from the environment,
# so that no credential is a variable and none reaches a file.
provider "digitalocean" {}
