-- differs division
select cast(7 as decimal(10, 2)) / cast(3 as decimal(10, 2)) as a

-- same
select cast(cast(7 as decimal(10, 2)) as double) / 3 as a

-- differs division
select n / 3 as a from lab.kinds where i = 1

-- differs zero-division
select n / n as a from lab.kinds where i = 1

-- same
select cast(n as double) / nullif(cast(n as double), 0) as a from lab.kinds

-- same
select cast(1 as decimal(38, 10)) * cast(2 as decimal(38, 10)) as a

-- wider
select cast(1.1 as decimal(5, 2)) * cast(2.2 as decimal(5, 2)) as a

-- wider
select n * i as a from lab.kinds where i < 3

-- wider
select n * 2 as a from lab.kinds where i < 3

-- wider
select n * 1.5 as a from lab.kinds where i < 3

-- same
select n + n as a from lab.kinds

-- same
select n - w as a from lab.kinds where i < 3

-- wider
select n + 1 as a from lab.kinds

-- same
select n + cast(1.005 as decimal(10, 3)) as a from lab.kinds

-- same
select cast(n + 1 as decimal(12, 2)) as a from lab.kinds

-- same
select cast(n * 2 as decimal(12, 2)) as a from lab.kinds

-- fail
select cast(99999999999999999999999999999999999999 as decimal(38, 0)) + 1 as a

-- differs data/duckdb
select cast(99999999 as decimal(10, 2)) * cast(99999999 as decimal(10, 2)) as a

-- fail
select cast(123.456 as decimal(4, 2)) as a

-- fail
select cast(99.995 as decimal(4, 2)) as a

-- wider
select sum(n) as a from lab.kinds

-- same
select sum(w) as a from lab.kinds

-- wider
select sum(cast(n as decimal(18, 4))) as a from lab.kinds

-- same
select cast(sum(n) as decimal(20, 2)) as a from lab.kinds

-- differs avg
select avg(n) as a from lab.kinds

-- differs avg
select avg(w) as a from lab.kinds

-- same
select avg(cast(n as double)) as a from lab.kinds where i < 3

-- same
select cast(sum(n) as double) / nullif(count(n), 0) as a from lab.kinds

-- same
select min(n) as a, max(n) as b from lab.kinds

-- wider
select sum(n * 2) as a from lab.kinds

-- wider
select sum(price * pieces) as a from lab.sales

-- wider
select person, sum(price * pieces) as a from lab.sales group by person

-- same
select abs(n) as a, -n as b from lab.kinds

-- wider
select n % 1 as a from lab.kinds where i < 3

-- same
select n = 1.25 as a, n > 0 as b from lab.kinds

-- same
select n in (1.25, 0) as a from lab.kinds

-- same
select n between 0 and 5 as a from lab.kinds

-- same
select greatest(n, 0) as a from lab.kinds

-- same
select coalesce(n, 0) as a from lab.kinds

-- same
select coalesce(n, 0.001) as a from lab.kinds

-- same
select case when n > 0 then n else 0 end as a from lab.kinds

-- same
select n from lab.kinds where i = 1 union all select 1.5

-- same
select n from lab.kinds where i = 1 union all select 1

-- same
select stddev(n) as a from lab.kinds where i in (1, 2)

-- differs cast-rounds
select cast(n as int) as a from lab.kinds where i = 2

-- same
select n::string as a from lab.kinds

-- wider cast-floor
select floor(n) as a, ceil(n) as b from lab.kinds

-- same
select cast(floor(n) as bigint) as a from lab.kinds

-- wider
select round(n) as a from lab.kinds

-- wider
select round(n, 0) as a from lab.kinds

-- wider round-double
select round(n, 5) as a from lab.kinds

-- same
select sqrt(n) as a from lab.kinds where i = 1

-- same transcendental
select power(n, 2) as a from lab.kinds where i = 1

-- same
select cast('1.005' as decimal(5, 2)) as a

-- fail
select cast('abc' as decimal(5, 2)) as a

-- differs division
select 1.5 / 2 as a

-- differs division
select 100 * n / 3 as a from lab.kinds where i = 1

-- differs zero-division
select sum(n) / count(*) as a from lab.kinds

-- same zero-division
select sum(i) / count(*) as a from lab.kinds

-- same
select cast(1 as decimal(10, 2)) = cast(1 as decimal(20, 5)) as a
