-- same
select i, l from lab.kinds order by l nulls last

-- same
select d, f from lab.kinds where i = 1

-- same
select n, w from lab.kinds

-- same
select s, b from lab.kinds

-- same
select day, ts, zoned from lab.kinds

-- same
select bin from lab.kinds

-- same
select 1 as a

-- same
select 10000000000 as a

-- wider
select -2147483648 as a

-- same
select 1.5 as a

-- wider
select 0.1 + 0.2 as a

-- same
select 1e0 as a

-- same
select true as t, false as f

-- wider
select null as a

-- same
select cast(null as integer) as a

-- same
select cast(null as date) as a, cast(null as timestamp) as b

-- same
select cast(1 as smallint) as a

-- same
select cast(1 as tinyint) as a

-- same
select cast(1 as bigint) as a

-- same
select cast(1 as int) as a, cast(1 as integer) as b

-- same
select cast(1 as real) as a

-- same
select cast(1.5 as float) as a

-- same
select cast(1.5 as double) as a

-- same
select cast(1.5 as decimal(5, 2)) as a

-- differs decimal-bare
select cast(1.5 as decimal) as a

-- same
select cast(1.5 as numeric(5, 2)) as a

-- same
select cast(1 as string) as a

-- differs type-name
select cast(1 as varchar) as a

-- same
select cast('abc' as varchar(2)) as a

-- differs type-name
select cast('x' as text) as a

-- differs type-name
select cast(1 as int8) as a

-- same
select cast(1 as long) as a

-- differs type
select cast(1 as hugeint) as a

-- differs type
select cast(1 as utinyint) as a

-- same
select cast('x' as binary) as a

-- differs type-name
select cast('x' as blob) as a

-- differs type
select cast('10:00:00' as time) as a

-- differs type
select cast('8d8ac610-566d-4ef0-9c22-186b2a5ed793' as uuid) as a

-- same
select cast(1 as boolean) as a, cast(0 as boolean) as b

-- same
select '5'::int as a, 1::string as b

-- same
select cast('2024-01-31' as date) as a

-- same
select cast('2024-01-31 10:11:12' as timestamp) as a

-- differs type-name
select cast('2024-01-31 10:11:12' as datetime) as a

-- differs type
select cast('2024-01-31 10:11:12+00' as timestamptz) as a

-- differs function/typeof
select typeof(1) as a

-- same cast-rounds
select cast(i as bigint) + l as a from lab.kinds where i < 3

-- same
select i + d as a from lab.kinds where i < 3

-- same
select i + n as a from lab.kinds where i < 3

-- same
select n + d as a from lab.kinds where i < 3

-- same
select f + d as a from lab.kinds where i < 3

-- differs data/real
select f + n as a from lab.kinds where i < 3

-- differs data/real
select f + i as a from lab.kinds where i < 3

-- same
select case when i = 1 then i else d end as a from lab.kinds

-- same
select case when i = 1 then i else n end as a from lab.kinds

-- same
select coalesce(i, l) as a from lab.kinds

-- same
select coalesce(n, i) as a from lab.kinds

-- same
select coalesce(day, date '2024-01-01') as a from lab.kinds

-- same
select coalesce(day, ts) as a from lab.kinds

-- same
select i = s from (select 1 as i, '1' as s) v
