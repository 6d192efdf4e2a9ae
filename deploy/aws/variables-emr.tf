variable "emr" {
  description = "Clusters of Amazon EMR. mode off: none; transient: none runs until a DAG asks for one, and the platform ends it; lasting: one that is made here. release and machines are checked against lists as of 2026-11."
  type = object({
    mode         = optional(string, "transient")
    release      = optional(string, "emr-7.13.0")
    main_type    = optional(string, "m5.xlarge")
    worker_types = optional(list(string), ["m5.xlarge", "m5a.xlarge", "m6i.xlarge"])
    workers      = optional(number, 2)
    spot         = optional(bool, true)
    idle_minutes = optional(number, 15)
    hive         = optional(bool, false)
    hue          = optional(bool, false)
  })
  default = {}

  validation {
    condition     = contains(["off", "transient", "lasting"], var.emr.mode)
    error_message = "emr.mode is off, transient or lasting."
  }

  validation {
    # as of 2026-11; older ones have Java 8 or a Hadoop that Spark 4.1 does not run on
    condition     = contains(["emr-7.8.0", "emr-7.9.0", "emr-7.10.0", "emr-7.11.0", "emr-7.12.0", "emr-7.13.0"], var.emr.release)
    error_message = "Releases that Spark 4.1 is put on: emr-7.8.0 to emr-7.13.0. None of Amazon's has Spark 4.1 itself (docs/emr.md)."
  }

  validation {
    # EMR takes no burstable machines (t3), and our bootstrap brings what is built for x86-64
    condition = length(var.emr.worker_types) >= 1 && length(var.emr.worker_types) <= 5 && alltrue([
      for type in concat([var.emr.main_type], var.emr.worker_types) :
      can(regex("^(m5|m5a|m5d|m6i|m6a|m7i|m7a|r5|r5a|r5d|r6i|r6a|r7i|r7a|c5|c5a|c6i|c6a|c7i|c7a)\\.([24]|8|12)?xlarge$", type))
    ])
    error_message = "EMR's machines are 1 to 5 types of the families m5, m6i, m7i, r5, r6i, r7i, c5, c6i, c7i (or their a and d types), xlarge to 12xlarge. t types and large are not taken."
  }

  validation {
    condition     = var.emr.workers >= 1 && var.emr.workers <= 100 && var.emr.idle_minutes >= 1 && var.emr.idle_minutes <= 10080
    error_message = "A cluster has 1 to 100 workers, and ends after 1 to 10080 minutes (7 days) without work."
  }

  validation {
    condition     = var.emr.mode == "lasting" || !(var.emr.hive || var.emr.hue)
    error_message = "Hive and Hue are for people who work on a cluster: they need emr.mode = \"lasting\"."
  }
}

variable "spark_archive" {
  description = "Spark for the clusters: the source package of pyspark 4.1.1 from PyPI, which is a whole distribution. The machine brings it into the bucket once, and checks it."
  type        = object({ url = string, sha256 = string })
  default = {
    url    = "https://files.pythonhosted.org/packages/19/bf/58ee13add151469c25825b7125bbf62c3bdcec05eec4d458fcb5c5516066/pyspark-4.1.1.tar.gz"
    sha256 = "77f78984aa84fbe865c717dd37b49913b4e5c97d76ef6824f932f1aefa6621ec"
  }

  validation {
    condition     = can(regex("^https://", var.spark_archive.url)) && can(regex("^[0-9a-f]{64}$", var.spark_archive.sha256))
    error_message = "The archive is fetched by https:// and compared with the 64 hexadecimal digits of its SHA-256."
  }
}

variable "emr_serverless" {
  description = "An application of EMR Serverless with at most so many processors and so much memory. No release has Spark 4.1 (docs/emr.md), so it needs an image of one's own in ECR. None unless said."
  type = object({
    image     = string
    release   = optional(string, "emr-7.13.0")
    most_cpu  = optional(number, 16)
    most_gb   = optional(number, 64)
    idle_mins = optional(number, 15)
  })
  default = null

  validation {
    condition     = var.emr_serverless == null || can(regex("^[0-9]{12}\\.dkr\\.ecr\\.[a-z0-9-]+\\.amazonaws\\.com(\\.cn)?/[a-z0-9._/-]+@sha256:[0-9a-f]{64}$", var.emr_serverless.image))
    error_message = "EMR Serverless takes images of a private ECR: 123456789012.dkr.ecr.REGION.amazonaws.com/NAME@sha256:…"
  }
}
