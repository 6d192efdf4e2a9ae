-- same
select 'nan'::double = 'nan'::double as a

-- same
select cast('nan' as double) > cast('inf' as double) as a

-- differs data/minus-zero
select d from lab.kinds order by d nulls last

-- same
select f from lab.kinds order by f desc nulls last

-- same
select max(d) as a, min(d) as b from lab.kinds

-- same
select count(distinct d) as a from lab.kinds

-- differs data/minus-zero
select distinct cast(d as double) as a from lab.kinds where i in (3, 5)

-- same
select d = 0 as a from lab.kinds where i = 5

-- same
select -cast(0 as double) as a

-- same
select d from lab.kinds where d > 1

-- same
select d from lab.kinds where d <> d

-- same
select d + 1 as a from lab.kinds

-- same
select d * 0 as a from lab.kinds

-- same
select d - d as a from lab.kinds

-- same
select sum(d) as a from lab.kinds where i < 3

-- same
select sum(d) as a from lab.kinds

-- same
select sum(f) as a from lab.kinds where i < 3

-- same avg
select avg(f) as a from lab.kinds where i < 3

-- same avg
select avg(d) as a from lab.kinds where i < 3

-- same avg
select avg(i) as a from lab.kinds

-- fail
select cast(d as int) as a from lab.kinds where i = 3

-- same cast-rounds
select try_cast(d as int) as a from lab.kinds where i = 3

-- same
select cast(1e308 as double) * 10 as a

-- same
select cast(0.1 as double) + cast(0.2 as double) as a

-- same
select cast(16777217 as real) as a

-- same
select cast(0.1 as real) = cast(0.1 as double) as a

-- differs real-decimal
select cast(0.1 as real) = 0.1 as a

-- differs data/real
select f * 2 as a from lab.kinds where i < 3

-- differs division
select f / 2 as a from lab.kinds where i < 3

-- differs zero-division
select d / 0 as a from lab.kinds where i = 1

-- same
select cast('Infinity' as double) as a, cast('-inf' as double) as b

-- same
select coalesce(d, 0) as a from lab.kinds

-- same
select d in (1.5, 2) as a from lab.kinds

-- differs function/isfinite
select isfinite(d) as a from lab.kinds

-- differs function/isinf
select isinf(d) as a from lab.kinds

-- same
select d % 2 as a from lab.kinds where i < 3

-- same transcendental
select exp(1000) as a

-- same transcendental
select power(cast(0 as double), 0) as a

-- same
select least(d, 1) as a, greatest(d, 1) as b from lab.kinds

-- differs data/minus-zero
select d, count(*) as n from lab.kinds group by d

-- same
select a.i from lab.kinds a join lab.kinds b on a.d = b.d

-- same
select var_samp(d) as a, stddev_samp(d) as b from lab.kinds where i < 3

-- same
select corr(d, i) as a from lab.kinds where i < 3
