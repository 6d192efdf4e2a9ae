# HTTPS, if asked for: a load balancer with a certificate of ACM, which renews it without anybody being let in for that.

resource "aws_security_group" "web" {
  count = var.https != null ? 1 : 0

  name                   = "${var.name}-web"
  description            = "HTTPS for those who were named"
  vpc_id                 = aws_vpc.this.id
  revoke_rules_on_delete = true
  tags                   = merge(local.tags, { Name = "${var.name}-web" })
}

resource "aws_vpc_security_group_ingress_rule" "web" {
  for_each = toset(var.https != null ? var.allowed_cidrs : [])

  security_group_id = aws_security_group.web[0].id
  description       = "HTTPS"
  cidr_ipv4         = strcontains(each.value, ":") ? null : each.value
  cidr_ipv6         = strcontains(each.value, ":") ? each.value : null
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  tags              = local.tags
}

locals {
  web_ports = var.https != null ? { app = 8080, health = 8081 } : {}
}

resource "aws_vpc_security_group_egress_rule" "web" {
  for_each = local.web_ports

  security_group_id            = aws_security_group.web[0].id
  description                  = each.key
  referenced_security_group_id = aws_security_group.server.id
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value
  tags                         = local.tags
}

resource "aws_vpc_security_group_ingress_rule" "from_web" {
  for_each = local.web_ports

  security_group_id            = aws_security_group.server.id
  description                  = "${each.key}, from the load balancer"
  referenced_security_group_id = aws_security_group.web[0].id
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value
  tags                         = local.tags
}

resource "aws_lb" "web" {
  count = var.https != null ? 1 : 0

  name                       = var.name
  load_balancer_type         = "application"
  subnets                    = aws_subnet.public[*].id
  security_groups            = [aws_security_group.web[0].id]
  drop_invalid_header_fields = true
  idle_timeout               = 120 # streams of events are silent for some time
  enable_deletion_protection = false
  tags                       = merge(local.tags, { Name = var.name })
}

resource "aws_lb_target_group" "web" {
  count = var.https != null ? 1 : 0

  name                 = var.name
  vpc_id               = aws_vpc.this.id
  target_type          = "ip"
  protocol             = "HTTP"
  port                 = 8080
  deregistration_delay = 20
  tags                 = local.tags

  health_check {
    port                = "8081"
    path                = "/health/ready"
    matcher             = "200"
    interval            = 15
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }
}

resource "aws_lb_target_group_attachment" "web" {
  count = var.https != null ? 1 : 0

  target_group_arn = aws_lb_target_group.web[0].arn
  target_id        = local.address
}

resource "aws_lb_listener" "web" {
  count = var.https != null ? 1 : 0

  load_balancer_arn = aws_lb.web[0].arn
  protocol          = "HTTPS"
  port              = 443
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = var.https.certificate_arn
  tags              = local.tags

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web[0].arn
  }
}
