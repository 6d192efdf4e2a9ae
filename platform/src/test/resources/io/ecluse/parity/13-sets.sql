-- same
select 1 as a union select 2

-- same
select 1 as a union all select 1

-- same
select 1 as a union select 1

-- same
select i as a from lab.kinds union all select id from lab.people

-- same
select i as a from lab.kinds intersect select id from lab.people

-- same
select i as a from lab.kinds except select id from lab.people

-- same
select i as a from lab.kinds except all select id from lab.people

-- same
select i as a from lab.kinds intersect all select id from lab.people

-- same
select city as a from lab.people intersect all select city from lab.people

-- same
select 1 as a, 'x' as b union all select 2, null

-- same
select 1 as a union all select 2.5

-- same
select 1 as a union all select cast(2.5 as double)

-- differs union-types
select 1 as a union all select 'x'

-- same
select 1 as a union all select null

-- wider
select null as a union all select null

-- same
select date '2024-01-01' as a union all select timestamp '2024-01-01 10:00:00'

-- differs union-by-name
select 1 as a, 2 as b union by name select 3 as b, 4 as a

-- differs union-by-name
select 1 as a union all by name select 2 as b

-- same
select 1 as a union select 2 except select 2

-- same
select 1 as a union (select 2 intersect select 2)

-- same
select 1 as a union select 2 intersect select 3

-- same
(select 1 as a) union all (select 2)

-- same
select 1 as a union all select 2 order by a desc

-- same
select 1 as a union all select 2 order by 1 desc limit 1

-- same
select a from (select 1 as a union all select 2) t where a > 1

-- differs duckdb
select city from lab.people minus select 'Paris'

-- same
values (1, 'a'), (2, 'b')

-- same
select * from (values (1, 'a'), (2, null)) v(x, y)

-- same
select * from (values (1), (2.5)) v(x)

-- same
select * from (values (1), (null)) v(x)

-- same
select x + 1 as a from (values (1), (2)) as v(x)

-- same
select * from (values (date '2024-01-01', 'a')) v(d, s)

-- same
select 1 in (select i from lab.kinds) as a

-- same
select i from lab.kinds where i in (select id from lab.people where age > 18)

-- same
select i from lab.kinds where i not in (select id from lab.people)

-- same
select i from lab.kinds where i not in (select person from lab.sales)

-- same
select i from lab.kinds where (i, s) in (select id, 'apple' from lab.people)

-- differs quantified
select i from lab.kinds where i = any (select id from lab.people)

-- differs quantified
select i from lab.kinds where i >= all (select id from lab.people)

-- differs quantified
select i from lab.kinds where i = some (select 1)

-- same
select i from lab.kinds where exists (select 1 from lab.people p where p.id = i)

-- same
select i from lab.kinds k where not exists (select 1 from lab.people p where p.id = k.i)

-- same
select (select max(id) from lab.people) as a

-- fail
select (select id from lab.people) as a

-- same
select (select id from lab.people where id > 100) as a

-- same
select i, (select max(p.age) from lab.people p where p.id <= k.i) as a from lab.kinds k

-- same
select i, (select count(*) from lab.people p where p.id = k.i) as a from lab.kinds k

-- same
select i from lab.kinds limit 0

-- same
select i from lab.kinds order by i nulls last limit 2

-- same
select i from lab.kinds order by i nulls last limit 2 offset 1

-- same
select i from lab.kinds order by i nulls last offset 4

-- differs fetch
select i from lab.kinds order by i nulls last fetch first 2 rows only

-- differs limit-percent
select i from lab.kinds order by i nulls last limit 50 percent

-- same
select i from lab.kinds order by 1 desc

-- same
select i as a, l as b from lab.kinds order by a desc, b desc

-- same
select i from lab.kinds order by l desc

-- same
select i from lab.kinds order by -i desc

-- same
select i from lab.kinds order by i + 1 desc

-- same
select s from lab.kinds order by length(s) desc, s desc

-- same
select i, l from lab.kinds order by all desc

-- differs sample
select count(*) as n from lab.kinds tablesample 100 percent

-- differs sample
select count(*) as n from lab.kinds using sample 100 percent
