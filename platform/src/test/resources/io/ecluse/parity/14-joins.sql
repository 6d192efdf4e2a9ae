-- same
select p.id, s.id as sale from lab.people p join lab.sales s on s.person = p.id

-- same
select p.id, s.id as sale from lab.people p inner join lab.sales s on s.person = p.id and s.pieces > 1

-- same
select p.id, s.id as sale from lab.people p left join lab.sales s on s.person = p.id

-- same
select p.id, s.id as sale from lab.people p left outer join lab.sales s on s.person = p.id and s.pieces > 2

-- same
select p.id, s.id as sale from lab.people p right join lab.sales s on s.person = p.id

-- same
select p.id, s.id as sale from lab.people p full join lab.sales s on s.person = p.id

-- same
select p.id, s.id as sale from lab.people p full outer join lab.sales s on s.person = p.id

-- same
select count(*) as n from lab.people cross join lab.sales

-- same
select count(*) as n from lab.people, lab.sales

-- same
select p.id, q.id as other from lab.people p join lab.people q on p.age < q.age

-- same
select p.id, q.id as other from lab.people p left join lab.people q on p.age < q.age

-- same
select id, name, day from lab.people join lab.sales using (id)

-- same
select id from lab.people left join lab.sales using (id)

-- same
select id from lab.people full join lab.sales using (id)

-- same
select * from (select 1 as a, 2 as b) x join (select 1 as a, 3 as c) y using (a)

-- same
select * from (select 1 as a, 2 as b) x natural join (select 1 as a, 3 as c) y

-- same
select id from lab.people p semi join lab.sales s on s.person = p.id

-- same
select id from lab.people p anti join lab.sales s on s.person = p.id

-- differs duckdb
select id from lab.people p left semi join lab.sales s on s.person = p.id

-- differs join
select p.id, s.id as sale from lab.people p asof join lab.sales s on p.id >= s.id

-- differs join
select p.id, s.id as sale from lab.people p positional join lab.sales s

-- same
select p.id, t.n from lab.people p, lateral (select count(*) as n from lab.sales s where s.person = p.id) t

-- same
select p.id, t.n from lab.people p cross join lateral (select max(s.pieces) as n from lab.sales s where s.person = p.id) t

-- same
select p.id, t.x from lab.people p left join lateral (select s.id as x from lab.sales s where s.person = p.id) t on true

-- same
select p.id, t.x from lab.people p, lateral (select p.id + 1 as x) t

-- differs lateral
select p.id, t.x from lab.people p, (select p.id + 1 as x) t

-- same
select a.id, b.id as other from lab.people a join lab.people b on a.id = b.id + 1

-- same
select a.id from lab.people a join lab.people b on a.city = b.city and a.id <> b.id

-- same
select a.id, c.id as third from lab.people a left join lab.sales b on b.person = a.id left join lab.kinds k on k.i = b.id left join lab.people c on c.id = k.i

-- same
select p.id from lab.people p left join lab.sales s on s.person = p.id where s.id is null

-- same
select p.id from lab.people p left join lab.sales s on true where s.id = 1

-- same
select p.id, s.id as sale from lab.people p join lab.sales s on s.person is not distinct from p.age

-- same
select x.* from (select 1 as a, 2 as b) x

-- same
select x.*, y.a as c from (select 1 as a) x cross join (select 2 as a) y

-- same
select * from (select 1 as a) x cross join (select 2 as a) y

-- differs star
select * exclude (bin) from lab.people cross join (select 1 as bin) t

-- differs star
select * exclude (name) from lab.people

-- differs duckdb
select * except (name) from lab.people

-- differs star
select * replace (age + 1 as age) from lab.people

-- differs star
select * rename (age as years) from lab.people

-- differs star
select columns('i.*') from lab.people

-- differs star
select p.* exclude (name) from lab.people p

-- same
from lab.people select id

-- same
from lab.people

-- same
select lab.people.id from lab.people

-- same
select people.id from lab.people

-- same
select id from lab.people as p (id, a, b, c)

-- same
select t.a, t.b from (select 1, 2) t(a, b)

-- same
select p.id from lab.people p join lateral (select 1 as one) l on l.one = p.id

-- same
select p.id from (lab.people p join lab.sales s on s.person = p.id)

-- same
with a as (select 1 as x) select * from a

-- same
with a as (select 1 as x), b as (select x + 1 as y from a) select * from a, b

-- same
with a(x) as (select 1) select x from a

-- differs cte-materialized
with a as materialized (select 1 as x) select x from a

-- differs cte-materialized
with a as not materialized (select 1 as x) select x from a

-- same
with a as (select 1 as x) select x from (with a as (select 2 as x) select x from a) t

-- same
with a as (select 1 as x) select p.id from lab.people p join a on a.x = p.id

-- same
with recursive r(n) as (select 1 union all select n + 1 from r where n < 5) select n from r

-- same
with recursive r as (select 1 as n union all select n + 1 from r where n < 5) select sum(n) as s from r

-- differs recursive-union
with recursive r(n) as (select 1 union select n % 3 + 1 from r) select n from r

-- same
with recursive r(id, depth) as (select id, 0 from lab.people where id = 1 union all select p.id, r.depth + 1 from lab.people p join r on p.id = r.id + 1) select id, depth from r

-- same range-name
select * from range(3)

-- same range-name
select * from range(1, 4)

-- differs range-name
select range as a from range(3)

-- same
select r.x from range(3) r(x)

-- differs range-table
select * from generate_series(1, 3)

-- same
select * from (select city, age from lab.people) pivot (sum(age) for city in ('Paris', 'Lyon'))

-- same
select * from (select city, age, id from lab.people) pivot (sum(age) for city in ('Paris' as p, 'Lyon' as l))

-- same
select * from (select city, age from lab.people) pivot (sum(age) as s, count(*) as n for city in ('Paris', 'Lyon'))

-- same
select * from (select id, age, id * 2 as other from lab.people) unpivot (v for k in (age, other))

-- same
select * from (select id, age, id * 2 as other from lab.people) unpivot include nulls (v for k in (age, other))

-- differs pivot
pivot (select city, age from lab.people) on city in ('Paris', 'Lyon') using sum(age)

-- same
select sum(case when city = 'Paris' then age end) as paris, sum(case when city = 'Lyon' then age end) as lyon from lab.people
