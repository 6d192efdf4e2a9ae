locals {
  metrics = "Ecluse/${var.name}"
  topics  = [aws_sns_topic.alarms.arn]
}

resource "aws_cloudwatch_log_group" "server" {
  name              = "/ecluse/${var.name}"
  retention_in_days = var.log_days
  tags              = local.tags
}

# not encrypted: alarms cannot be sent through Amazon's own key for it, and say nothing of data
resource "aws_sns_topic" "alarms" {
  name = "${var.name}-alarms"
  tags = local.tags
}

resource "aws_sns_topic_subscription" "alarms" {
  for_each = toset(var.alarm_emails)

  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = each.value
}

locals {
  alarms = merge(
    {
      machine = { namespace = "AWS/EC2", metric = "StatusCheckFailed_System", above = 0, periods = 2, of = { InstanceId = aws_instance.server.id },
        says = "Amazon's machine under the server is broken; it is moved to another by itself.", missing = "missing",
      also = ["arn:${local.partition}:automate:${local.region}:ec2:recover"] }
      system = { namespace = "AWS/EC2", metric = "StatusCheckFailed_Instance", above = 0, periods = 3, of = { InstanceId = aws_instance.server.id },
        says = "The server's system does not answer: look at its console (EC2, Get system log), then start it anew.", missing = "missing",
      also = [] }
      platform = { namespace = local.metrics, metric = "not_ready", above = 0, periods = 3, of = {},
        says = "The platform is not ready, or its machine tells nothing: journalctl -u ecluse, docker compose logs server.", missing = "breaching",
      also = [] }
      data = { namespace = local.metrics, metric = "data_used_percent", above = 80, periods = 1, of = {},
        says = "The data volume is more than 80 % full: ecluse maintain, or a larger data_volume_gb.", missing = "missing",
      also = [] }
      root = { namespace = local.metrics, metric = "root_used_percent", above = 80, periods = 1, of = {},
        says = "The system's volume is more than 80 % full: docker image prune.", missing = "missing",
      also = [] }
    },
    { for index, database in aws_db_instance.this : "database" => {
      namespace = "AWS/RDS", metric = "CPUUtilization", above = 90, periods = 3, of = { DBInstanceIdentifier = database.identifier },
      says      = "The metadata database has had no rest for a quarter of an hour: a larger instance_class.", missing = "missing", also = []
    } },
  )
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.says
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.of
  statistic           = "Maximum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.above
  period              = 300
  evaluation_periods  = each.value.periods
  treat_missing_data  = each.value.missing
  alarm_actions       = concat(local.topics, each.value.also)
  ok_actions          = local.topics
  tags                = local.tags
}

resource "aws_budgets_budget" "this" {
  count = var.monthly_budget_usd != null ? 1 : 0

  name         = var.name
  budget_type  = "COST"
  limit_amount = tostring(var.monthly_budget_usd)
  limit_unit   = "USD"
  time_unit    = "MONTHLY"
  tags         = local.tags

  cost_filter {
    name   = "TagKeyValue"
    values = [format("user:ecluse-project$%s", var.name)]
  }

  dynamic "notification" {
    for_each = { ACTUAL = 80, FORECASTED = 100 }
    content {
      comparison_operator        = "GREATER_THAN"
      threshold                  = notification.value
      threshold_type             = "PERCENTAGE"
      notification_type          = notification.key
      subscriber_email_addresses = var.alarm_emails
    }
  }

  lifecycle {
    precondition {
      condition     = length(var.alarm_emails) > 0
      error_message = "A budget that nobody hears of is none: name addresses in alarm_emails."
    }
  }
}
