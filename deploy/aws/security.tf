# Who may talk to whom. Rules are resources of their own, since EMR adds rules to the groups of its machines.

resource "aws_security_group" "server" {
  name                   = "${var.name}-server"
  description            = "The machine of the platform"
  vpc_id                 = aws_vpc.this.id
  revoke_rules_on_delete = true
  tags                   = merge(local.tags, { Name = "${var.name}-server" })
}

locals {
  egress = merge(
    # registries of images, Amazon's services, packages of Ubuntu (signed, by HTTP)
    { https = { cidr = "0.0.0.0/0", port = 443 }, http = { cidr = "0.0.0.0/0", port = 80 } },
    var.source_endpoints,
  )
}

resource "aws_vpc_security_group_ingress_rule" "ssh" {
  for_each = toset(var.ssh_key_name != null ? var.allowed_cidrs : [])

  security_group_id = aws_security_group.server.id
  description       = "SSH"
  cidr_ipv4         = strcontains(each.value, ":") ? null : each.value
  cidr_ipv6         = strcontains(each.value, ":") ? each.value : null
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  tags              = local.tags
}

resource "aws_vpc_security_group_egress_rule" "server" {
  for_each = local.egress

  security_group_id = aws_security_group.server.id
  description       = each.key
  cidr_ipv4         = each.value.cidr
  ip_protocol       = "tcp"
  from_port         = each.value.port
  to_port           = each.value.port
  tags              = local.tags
}

# --- the metadata database: from the server alone, and nowhere from there ---

resource "aws_security_group" "database" {
  count = var.database != null ? 1 : 0

  name                   = "${var.name}-database"
  description            = "The metadata database"
  vpc_id                 = aws_vpc.this.id
  revoke_rules_on_delete = true
  tags                   = merge(local.tags, { Name = "${var.name}-database" })
}

resource "aws_vpc_security_group_ingress_rule" "database" {
  count = var.database != null ? 1 : 0

  security_group_id            = aws_security_group.database[0].id
  description                  = "PostgreSQL from the server"
  referenced_security_group_id = aws_security_group.server.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
  tags                         = local.tags
}

resource "aws_vpc_security_group_egress_rule" "server_to_database" {
  count = var.database != null ? 1 : 0

  security_group_id            = aws_security_group.server.id
  description                  = "The metadata database"
  referenced_security_group_id = aws_security_group.database[0].id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
  tags                         = local.tags
}

# --- machines of EMR: among themselves, to the server's door, to S3; EMR adds what it needs for its service ---

resource "aws_security_group" "emr" {
  for_each = toset(local.with_emr || local.with_serverless ? ["main", "workers", "service"] : [])

  name                   = "${var.name}-emr-${each.key}"
  description            = "EMR: ${each.key}"
  vpc_id                 = aws_vpc.this.id
  revoke_rules_on_delete = true # they name each other, by EMR's rules
  tags                   = merge(local.emr_tags, { Name = "${var.name}-emr-${each.key}" })
}

locals {
  emr_groups = { for name, group in aws_security_group.emr : name => group.id }
  machines   = { for name in(local.with_emr || local.with_serverless ? ["main", "workers"] : []) : name => name }
}

resource "aws_vpc_security_group_ingress_rule" "door" {
  for_each = local.machines

  security_group_id            = aws_security_group.server.id
  description                  = "The door for Spark's applications, from EMR's ${each.key}"
  referenced_security_group_id = local.emr_groups[each.key]
  ip_protocol                  = "tcp"
  from_port                    = local.door_ports.from
  to_port                      = local.door_ports.to
  tags                         = local.tags
}

resource "aws_vpc_security_group_egress_rule" "emr_to_door" {
  for_each = local.machines

  security_group_id            = local.emr_groups[each.key]
  description                  = "The platform's door"
  referenced_security_group_id = aws_security_group.server.id
  ip_protocol                  = "tcp"
  from_port                    = local.door_ports.from
  to_port                      = local.door_ports.to
  tags                         = local.tags
}

resource "aws_vpc_security_group_egress_rule" "emr_to_s3" {
  for_each = local.machines

  security_group_id = local.emr_groups[each.key]
  description       = "S3, through the endpoint"
  prefix_list_id    = aws_vpc_endpoint.s3.prefix_list_id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  tags              = local.tags
}

# Serverless puts drivers and executors into the group of the workers, where EMR adds no rules
resource "aws_vpc_security_group_ingress_rule" "among_workers" {
  count = local.with_serverless ? 1 : 0

  security_group_id            = local.emr_groups["workers"]
  description                  = "Among drivers and executors"
  referenced_security_group_id = local.emr_groups["workers"]
  ip_protocol                  = "tcp"
  from_port                    = 0
  to_port                      = 65535
  tags                         = local.tags
}

resource "aws_vpc_security_group_egress_rule" "among_workers" {
  count = local.with_serverless ? 1 : 0

  security_group_id            = local.emr_groups["workers"]
  description                  = "Among drivers and executors"
  referenced_security_group_id = local.emr_groups["workers"]
  ip_protocol                  = "tcp"
  from_port                    = 0
  to_port                      = 65535
  tags                         = local.tags
}

# pages of a lasting cluster, for whoever has a tunnel to the server: YARN, Spark's history, Hue, Hive
resource "aws_vpc_security_group_ingress_rule" "pages" {
  for_each = local.with_lasting ? { yarn = 8088, spark-history = 18080, hue = 8888, hive = 10000 } : {}

  security_group_id            = local.emr_groups["main"]
  description                  = "${each.key}, from the server"
  referenced_security_group_id = aws_security_group.server.id
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value
  tags                         = local.tags
}

resource "aws_vpc_security_group_egress_rule" "pages" {
  for_each = local.with_lasting ? { yarn = 8088, spark-history = 18080, hue = 8888, hive = 10000 } : {}

  security_group_id            = aws_security_group.server.id
  description                  = "${each.key} of the lasting cluster"
  referenced_security_group_id = local.emr_groups["main"]
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value
  tags                         = local.tags
}
