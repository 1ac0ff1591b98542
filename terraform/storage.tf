resource "digitalocean_spaces_bucket" "backups" {
  name          = "${local.name}-backups"
  region        = var.region
  acl           = "private"
  force_destroy = false

  # A stolen key that deletes or overwrites leaves the earlier versions.
  versioning {
    enabled = true
  }

  # A week longer than a backup may be asked for: the tool that wrote it removes it first, in order, and this
  # clears what it left behind.
  lifecycle_rule {
    id                                     = "expire-backups"
    enabled                                = true
    abort_incomplete_multipart_upload_days = 1

    expiration {
      days = var.backup_retention_days + 7
    }

    noncurrent_version_expiration {
      days = 7
    }
  }

  lifecycle {
    prevent_destroy = true
  }
}
