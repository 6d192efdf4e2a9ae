-- same
select null + 1 as a

-- same
select null = null as a

-- same
select null and false as a, null or true as b, not cast(null as boolean) as c

-- same
select i from lab.kinds where i is null

-- same
select i from lab.kinds where i is not null

-- same
select i from lab.kinds where b

-- same
select i from lab.kinds where not b

-- same
select i from lab.kinds where b is true

-- same
select i from lab.kinds where b is not true

-- same
select i from lab.kinds where b is unknown

-- same
select i from lab.kinds where b is null or i > 3

-- same
select i is distinct from l as a from lab.kinds

-- same
select i is not distinct from l as a from lab.kinds

-- same
select coalesce(i, 0) as a from lab.kinds

-- same
select coalesce(null, null, 3) as a

-- same
select nullif(i, 3) as a from lab.kinds

-- same
select nullif('a', 'b') as a

-- same
select ifnull(i, 0) as a from lab.kinds

-- differs function/nvl
select nvl(i, 0) as a from lab.kinds

-- same
select greatest(i, 2) as a, least(i, 2) as b from lab.kinds

-- same
select greatest(1, null, 3) as a, least(null, 2) as b

-- same
select i in (1, null) as a from lab.kinds

-- same
select i not in (1, 2) as a from lab.kinds

-- same
select i not in (1, null) as a from lab.kinds

-- same
select count(*) as n, count(i) as k, count(distinct b) as d from lab.kinds

-- same
select sum(i) as a from lab.kinds where i > 100

-- same
select sum(i) as a, min(s) as b, max(day) as c from lab.kinds

-- same
select max(i) as a from lab.kinds where false

-- differs order-nulls
select i from lab.kinds order by i

-- differs order-nulls
select i from lab.kinds order by i asc

-- same
select i from lab.kinds order by i desc

-- same
select i from lab.kinds order by i nulls last

-- same
select i from lab.kinds order by i nulls first

-- same
select i from lab.kinds order by i desc nulls first

-- same
select i from lab.kinds order by i desc nulls last

-- same
select b, i from lab.kinds order by b desc, i desc

-- differs order-nulls
select i from lab.kinds order by i limit 2

-- same
select b, count(*) as n from lab.kinds group by b

-- same
select distinct b from lab.kinds

-- same
select b from lab.kinds where i = 1 union select b from lab.kinds where i = 3

-- same
select i from lab.kinds except select 1

-- same
select i from lab.kinds intersect select cast(null as integer)

-- same
select a.i from lab.kinds a join lab.kinds b on a.i = b.i

-- differs function/concat
select concat('a', null, 'b') as a

-- differs nothing-compared
select 'a' || null as a

-- same
select concat_ws('-', 'a', null, 'b') as a

-- same
select s || '!' as a from lab.kinds

-- differs nothing-compared
select case when null then 1 else 2 end as a

-- same
select case i when null then 1 else 2 end as a from lab.kinds

-- same
select i from lab.kinds where i = (select max(i) from lab.kinds where i > 100)

-- same
select exists (select 1 from lab.kinds where i > 100) as a

-- differs is-null
select i isnull as a from lab.kinds

-- differs is-null
select i notnull as a from lab.kinds
