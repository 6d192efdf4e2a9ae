# The metadata on Amazon RDS, if asked for. Its password is made and kept by Amazon's Secrets Manager: no state and no plan has it.

resource "aws_db_subnet_group" "this" {
  count = var.database != null ? 1 : 0

  name       = "${var.name}-metadata"
  subnet_ids = aws_subnet.private[*].id
  tags       = local.tags
}

resource "aws_db_parameter_group" "this" {
  count = var.database != null ? 1 : 0

  name_prefix = "${var.name}-metadata-"
  family      = "postgres${split(".", var.database.version)[0]}"
  tags        = local.tags

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_db_instance" "this" {
  count = var.database != null ? 1 : 0

  identifier     = "${var.name}-metadata"
  engine         = "postgres"
  engine_version = var.database.version
  instance_class = var.database.instance_class
  db_name        = "ecluse"

  username                    = "ecluse"
  manage_master_user_password = true

  allocated_storage     = var.database.storage_gb
  max_allocated_storage = var.database.most_gb
  storage_type          = "gp3"
  storage_encrypted     = true
  kms_key_id            = one(local.key_arns)

  db_subnet_group_name   = aws_db_subnet_group.this[0].name
  parameter_group_name   = aws_db_parameter_group.this[0].name
  vpc_security_group_ids = [aws_security_group.database[0].id]
  publicly_accessible    = false
  multi_az               = var.database.multi_az
  ca_cert_identifier     = "rds-ca-rsa2048-g1"

  backup_retention_period    = var.database.backup_days
  backup_window              = "01:00-01:30"
  maintenance_window         = "sun:03:00-sun:04:00"
  auto_minor_version_upgrade = true
  copy_tags_to_snapshot      = true
  deletion_protection        = !var.destroy_data
  skip_final_snapshot        = var.destroy_data
  final_snapshot_identifier  = var.destroy_data ? null : "${var.name}-metadata-last"
  delete_automated_backups   = var.destroy_data

  performance_insights_enabled = false
  tags                         = merge(local.tags, { Name = "${var.name}-metadata" })
}
