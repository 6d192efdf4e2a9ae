variable "name" {
  description = "What everything is called and tagged by; one installation has one. Lower-case letters, digits and hyphens."
  type        = string
  default     = "ecluse"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name))
    error_message = "A name has 3 to 20 lower-case letters, digits and hyphens, begins with a letter and does not end with a hyphen."
  }
}

variable "environment" {
  description = "The environment of the project that runs here: a folder of this name in each zone of the bucket, and the only one that the roles may reach."
  type        = string
  default     = "prod"

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,30}$", var.environment))
    error_message = "An environment is called by lower-case letters, digits and _, and begins with a letter."
  }
}

variable "tags" {
  description = "Tags for everything, beside ecluse-project and those that Amazon EMR needs."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for key in keys(var.tags) : !startswith(lower(key), "aws:") && key != "ecluse-project"])
    error_message = "Tags that begin with aws: are Amazon's own, and ecluse-project is what rights depend on: choose other keys."
  }
}

# --- the platform ---------------------------------------------------------------------------------

variable "image" {
  description = "The platform's image, by its digest: registry/ecluse@sha256:… A tag may be moved to another image, a digest can not."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9._:/-]*[a-z0-9])?@sha256:[0-9a-f]{64}$", var.image))
    error_message = "An image is named by its digest, as registry.example/ecluse@sha256:64 hexadecimal digits; docker images --digests shows it."
  }
}

variable "images" {
  description = "Other images of the compose file, by digest, instead of the newest of PostgreSQL 17: postgres (metadata, the demo's ERP)."
  type        = object({ postgres = optional(string) })
  default     = {}

  validation {
    condition     = alltrue([for image in values(var.images) : image == null || can(regex("@sha256:[0-9a-f]{64}$", image))])
    error_message = "Images are named by their digest: …@sha256:64 hexadecimal digits."
  }
}

variable "instance_type" {
  description = "The server's machine. t3.medium runs the demo, t3.large a school, m6i.2xlarge a million students (docs/deploy/aws.md has sizes and prices)."
  type        = string
  default     = "t3.medium"

  validation {
    # what Amazon offers with x86-64 processors and at least 4 GiB, as of 2026-11; the images are built for that
    condition     = can(regex("^(t3|t3a)\\.(medium|large|xlarge|2xlarge)$|^(m5|m5a|m6i|m6a|m7i|m7a|r5|r5a|r6i|r6a|r7i|r7a)\\.(large|[248]?xlarge|12xlarge|16xlarge)$|^(c5|c5a|c6i|c6a|c7i|c7a)\\.(large|[248]?xlarge)$", var.instance_type))
    error_message = "The server needs an x86-64 machine with at least 4 GiB: t3.medium to t3.2xlarge, or a size of m5, m6i, m7i, r5, r6i, r7i, c5, c6i, c7i (or their a types)."
  }
}

variable "ami_id" {
  description = "The machine's system: Ubuntu 24.04 for x86-64. Unless said, Canonical's newest at the first apply; a later one is taken when the machine is replaced (terraform apply -replace)."
  type        = string
  default     = null

  validation {
    condition     = var.ami_id == null || can(regex("^ami-[0-9a-f]{8,17}$", var.ami_id))
    error_message = "An image of a machine is called as ami-0123456789abcdef0."
  }
}

variable "data_volume_gb" {
  description = "Size of the volume with the platform's state, in GB. It may grow later, never shrink."
  type        = number
  default     = 50

  validation {
    condition     = var.data_volume_gb >= 20 && var.data_volume_gb <= 16000 && floor(var.data_volume_gb) == var.data_volume_gb
    error_message = "The data volume has 20 to 16000 GB."
  }
}

variable "snapshots" {
  description = "How many daily snapshots of the data volume are kept, and when they are taken (UTC)."
  type        = object({ keep = optional(number, 7), at = optional(string, "02:30") })
  default     = {}

  validation {
    condition     = var.snapshots.keep >= 1 && var.snapshots.keep <= 365 && can(regex("^([01][0-9]|2[0-3]):[0-5][0-9]$", var.snapshots.at))
    error_message = "Keep 1 to 365 snapshots, taken at a time as 02:30."
  }
}

variable "demo_erp" {
  description = "Whether the demo's ERP, a PostgreSQL with fictional people, runs beside the platform."
  type        = bool
  default     = false
}

variable "destroy_data" {
  description = "Whether terraform destroy also destroys data: the bucket with what is in it, the database, the data volume. Otherwise the bucket stays as long as it is not empty, the database is protected, and a last snapshot of the volume is taken."
  type        = bool
  default     = false
}

# --- the network ----------------------------------------------------------------------------------

variable "vpc_cidr" {
  description = "Private addresses of the network, /16 to /24."
  type        = string
  default     = "10.0.0.0/16"

  validation {
    condition     = can(cidrhost(var.vpc_cidr, 0)) && can(regex("^(10\\.|192\\.168\\.|172\\.(1[6-9]|2[0-9]|3[01])\\.).*/(1[6-9]|2[0-4])$", var.vpc_cidr))
    error_message = "The network has private addresses (10., 172.16. to 172.31., 192.168.) and a size of /16 to /24, as 10.0.0.0/16."
  }
}

variable "allowed_cidrs" {
  description = "Who may open connections to the machine, as 203.0.113.7/32. Nobody unless said: Session Manager needs none. TF_VAR_allowed_cidrs=\"[\\\"$(curl -s https://checkip.amazonaws.com)/32\\\"]\" takes the address of whoever deploys."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for cidr in var.allowed_cidrs : can(cidrhost(cidr, 0))])
    error_message = "Addresses are written as 203.0.113.7/32, or 2001:db8::/64."
  }

  validation {
    # the whole internet, and halves, quarters and eighths of it, by which the first check would be walked around
    condition     = alltrue([for cidr in var.allowed_cidrs : try(tonumber(split("/", cidr)[1]), 0) >= (strcontains(cidr, ":") ? 32 : 16)])
    error_message = "The platform is never open to everybody: 0.0.0.0/0, ::/0 and networks larger than /16 (IPv6: /32) are refused. Name the addresses of those who work with it."
  }
}

variable "https" {
  description = "HTTPS for allowed_cidrs, by a load balancer: the name that people type, and the ARN of its certificate in ACM. Otherwise the web app is reached through Session Manager alone."
  type        = object({ domain = string, certificate_arn = string })
  default     = null

  validation {
    condition     = var.https == null || try(can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", var.https.domain)) && can(regex("^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/[0-9a-f-]+$", var.https.certificate_arn)), false)
    error_message = "HTTPS needs a name as data.school.example, without https://, and a certificate as arn:aws:acm:REGION:ACCOUNT:certificate/ID."
  }
}

variable "ssh_key_name" {
  description = "Name of an EC2 key pair: with it allowed_cidrs reach SSH. Nobody does unless said; Session Manager opens shells without keys and ports."
  type        = string
  default     = null
}

variable "source_endpoints" {
  description = "Where the machine may go beside HTTP and HTTPS: the ERP and other sources. { erp = { cidr = \"198.51.100.20/32\", port = 5432 } }"
  type        = map(object({ cidr = string, port = number }))
  default     = {}

  validation {
    condition     = alltrue([for e in values(var.source_endpoints) : can(cidrhost(e.cidr, 0)) && try(tonumber(split("/", e.cidr)[1]), 0) >= 16 && e.port >= 1 && e.port <= 65535])
    error_message = "A source is an address, as 198.51.100.20/32 (/16 at most), and a port."
  }
}

variable "source_buckets" {
  description = "Buckets of others that sources of the project read files from: the machine gets the right to read them."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for bucket in var.source_buckets : can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", bucket))])
    error_message = "A bucket is called by lower-case letters, digits, dots and hyphens, without s3://."
  }
}

# --- encryption, watching -------------------------------------------------------------------------

variable "kms" {
  description = "Whether a key of one's own (KMS, rotated each year) encrypts the bucket, the volumes and the database, instead of Amazon's."
  type        = bool
  default     = false
}

variable "alarm_emails" {
  description = "Who hears of alarms; each address confirms by a mail from Amazon."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for address in var.alarm_emails : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", address))])
    error_message = "Alarms go to addresses as ops@school.example."
  }
}

variable "monthly_budget_usd" {
  description = "Dollars a month, of what carries this installation's tag: mails at 80 % of it, and when it will be more. None unless said. The tag ecluse-project must be switched on in the account's billing settings (cost allocation tags)."
  type        = number
  default     = null

  validation {
    condition     = var.monthly_budget_usd == null || try(var.monthly_budget_usd > 0, false)
    error_message = "A budget is more than 0 dollars."
  }
}

variable "log_days" {
  description = "For how many days logs are kept (containers, access to the bucket, network flows, EMR)."
  type        = number
  default     = 30

  validation {
    condition     = contains([7, 14, 30, 60, 90, 180, 365], var.log_days)
    error_message = "Logs are kept for 7, 14, 30, 60, 90, 180 or 365 days."
  }
}

# --- the metadata database ------------------------------------------------------------------------

variable "database" {
  description = "A PostgreSQL of Amazon RDS for the metadata. Unless said, it runs on the machine, on the data volume."
  type = object({
    instance_class = optional(string, "db.t4g.micro")
    storage_gb     = optional(number, 20)
    most_gb        = optional(number, 100)
    multi_az       = optional(bool, false)
    backup_days    = optional(number, 7)
    version        = optional(string, "17")
  })
  default = null

  validation {
    condition = var.database == null || try(
      can(regex("^db\\.(t4g|t3|m6g|m7g|m6i|m7i|r6g|r7g)\\.(micro|small|medium|large|[24]?xlarge)$", var.database.instance_class))
      && var.database.storage_gb >= 20 && var.database.most_gb >= var.database.storage_gb
      && var.database.backup_days >= 1 && var.database.backup_days <= 35
    && can(regex("^1[5-8](\\.[0-9]+)?$", var.database.version)), false)
    error_message = "The database has a class as db.t4g.micro, 20 GB or more, backups of 1 to 35 days, and PostgreSQL 15 to 18."
  }
}
